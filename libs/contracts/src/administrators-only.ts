import { Problem } from './problem.js';

/** @throws Problem `admin-required` unless whoever asks is an administrator */
export const administratorsOnly = ({ isAdmin }: { readonly isAdmin: boolean }): void => {
  if (!isAdmin) throw new Problem('admin-required', 'Only an administrator of this service may do this.');
};
