/**
 * Three levels of tests, told apart by their suffix: `.spec` runs alone, `.int.spec` with real servers
 * started on this machine, `.e2e.spec` with the whole system as processes.
 */
const level = (displayName, testRegex, extra = {}) => ({
  displayName,
  rootDir: import.meta.dirname,
  roots: ['apps', 'libs', 'test', 'deploy'].map((folder) => `<rootDir>/${folder}`),
  testRegex,
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.tsx?$': ['@swc/jest', {}] },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^#libs/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
  },
  testEnvironment: 'node',
  ...extra,
});

const patience = { setupFilesAfterEnv: ['<rootDir>/test/support/patience.ts'] };

export default {
  projects: [
    level('unit', ['(?<!\\.(int|e2e))\\.spec\\.tsx?$']),
    level('int', ['\\.int\\.spec\\.tsx?$'], patience),
    level('e2e', ['\\.e2e\\.spec\\.tsx?$'], patience),
  ],
};
