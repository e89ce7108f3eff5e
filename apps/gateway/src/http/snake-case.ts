export { type CamelCased, snakeCaseName, toCamelCase, toSnakeCase } from '#libs/runtime';
