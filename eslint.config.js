import tseslint from 'typescript-eslint'
import reactHooks from 'eslint-plugin-react-hooks'

const transcendental = ['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'pow', 'cbrt', 'hypot', 'random']

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', 'shared/kernels/assembly/', 'coverage/', '**/*.d.ts', 'test-results/', 'playwright-report/'] },
  ...tseslint.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      eqeqeq: ['error', 'always'],
    },
  },
  {
    files: ['shared/**/*.ts'],
    ignores: ['**/*.test.ts', 'shared/figures/**'],
    rules: {
      'no-restricted-properties': ['error',
        ...transcendental.map(property => ({ object: 'Math', property, message: 'Differs between JavaScript engines: use Libm, so that every host computes the same bits.' })),
      ],
      'no-restricted-globals': ['error',
        { name: 'Date', message: 'shared/ has no clock: the same input gives the same bytes.' },
        { name: 'performance', message: 'shared/ has no clock.' },
        { name: 'crypto', message: 'shared/ has one seeded generator.' },
      ],
    },
  },
  {
    // Figures are laid out with d3 and fonts; they need logarithms for scales, where the last bit is rounded away at 0.001 pt.
    files: ['shared/figures/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'Figures are the same bytes for the same input.' }],
      'no-restricted-globals': ['error', { name: 'Date', message: 'Figures are the same bytes for the same input.' }],
    },
  },
  { files: ['renderer/**/*.{ts,tsx}'], plugins: { 'react-hooks': reactHooks }, rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' } },
  { files: ['**/*.{js,mjs,cjs}'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly' } } },
)
