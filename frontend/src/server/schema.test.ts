import { expect, it } from 'vitest'
import openapi from '../../openapi.json'
import written from '../core/base/schema.generated.ts?raw'
import { DEFAULT_READING } from '../core/data/datasets'

it('has the types of openapi.json', async () => {
  const { default: generate, astToString, COMMENT_HEADER } = await import('openapi-typescript')
  const made = COMMENT_HEADER + astToString(await generate(openapi as never, { defaultNonNullable: false }))
  expect(written === made, 'run: npm run types').toBe(true)
})

it('shows the missing-value words that the server takes when none are given', () => {
  const said = openapi.components.schemas.UploadRequest.properties.missing_words.description
  expect(said).toContain(`Default: ${DEFAULT_READING.missingWords}.`)
})
