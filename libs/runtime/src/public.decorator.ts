import { SetMetadata } from '@nestjs/common';

export const PUBLIC_ROUTE = 'public-route';

/** This route needs no caller. Every other one does. */
export const Public = () => SetMetadata(PUBLIC_ROUTE, true);
