import importX from 'eslint-plugin-import-x'
import reactHooks from 'eslint-plugin-react-hooks'
import { readdirSync } from 'node:fs'
import tseslint from 'typescript-eslint'

const src = './src'
const zone = (target, from, message) => ({ target: `${src}/${target}`, from: from.map((each) => `${src}/${each}`), message })

const OUTER = ['features', 'pages', 'App.tsx', 'main.tsx']
const features = readdirSync(new URL('./src/features', import.meta.url))

/** The folders of core/, and what each may import beside itself. */
const CORE = {
  base: [],
  data: ['base'],
  catalogue: ['base', 'data'],
  graph: ['base', 'data', 'catalogue'],
  runs: ['base', 'data', 'catalogue', 'graph'],
  pipelines: ['base'],
  team: ['base'],
  endpoints: ['base'],
  published: ['base', 'graph'],
  schedules: ['base'],
  notices: ['base'],
}
const core = readdirSync(new URL('./src/core', import.meta.url))

const zones = [
  zone('core', ['server', 'state', 'ui', ...OUTER], 'core knows nothing but itself: pass what it needs as an argument.'),
  ...core.map((folder) => ({
    target: `${src}/core/${folder}`,
    from: `${src}/core`,
    except: [folder, ...CORE[folder]].map((each) => `./${each}`),
    message: `core/${folder} imports only from ${[folder, ...CORE[folder]].join(', ')}.`,
  })),
  zone('server', ['state', 'ui', ...OUTER], 'server speaks with the outside; state decides when.'),
  zone('state', ['ui', ...OUTER], 'state does not know how it is shown.'),
  zone('ui', ['server', 'state', ...OUTER], 'ui is looks only: take values and callbacks as props.'),
  zone('features', ['pages', 'App.tsx', 'main.tsx'], 'Pages compose features, never the other way.'),
  ...features.map((feature) => ({
    target: `${src}/features/${feature}`,
    from: `${src}/features`,
    except: [`./${feature}`],
    message: 'No feature imports another: share through state or ui, and compose in pages.',
  })),
]

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '**/*.generated.ts'] },
  ...tseslint.configs.recommended,
  reactHooks.configs.flat.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.tsx'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver': { node: { extensions: ['.ts', '.tsx', '.js'] } },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-restricted-paths': ['error', { zones }],
      // The React Compiler is not used, so nothing is lost where it would skip a component.
      'react-hooks/incompatible-library': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/feature.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ regex: '.', allowTypeImports: true, message: 'This file loads with every page: load code with import() when the page is opened.' }] }],
    },
  },
)
