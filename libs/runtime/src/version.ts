/** Of the whole service; the same in every app. */
export const VERSION = '0.1.0';
