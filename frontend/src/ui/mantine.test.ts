import { expect, it } from 'vitest'
import imported from './mantine.css?raw'

const sources = import.meta.glob<string>('../**/*.tsx', { query: '?raw', import: 'default', eager: true })
const styles = Object.keys(import.meta.glob('../../node_modules/@mantine/core/styles/*.css')).map((path) => path.replace(/.*\/|\.css$/g, ''))

it('imports the styles of every component of Mantine that is used', () => {
  const used = new Set(Object.values(sources).flatMap((text) => [...text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap(([, names = '']) => names.split(',').map((name) => name.trim()))))
  const needed = [...used].filter((name) => styles.includes(name))
  expect(needed.length).toBeGreaterThan(20)
  expect(needed.filter((name) => !imported.includes(`/${name}.css`))).toEqual([])
})
