import { Button, CopyButton, Group, SegmentedControl, Stack } from '@mantine/core'
import { useState } from 'react'
import { type Endpoint, isUsable, type Language, LANGUAGES, program } from '../../core/endpoints/endpoints'
import { CopyLine } from '../../ui/CopyLine'
import { Section } from '../../ui/Section'
import classes from './endpoints.module.css'

/** Programs that call the endpoint, to copy. */
export function UseTab({ endpoint }: { endpoint: Endpoint }) {
  const [language, setLanguage] = useState<Language>('curl')
  const shown = endpoint.listed.find((version) => isUsable(version) && version.share > 0) ?? endpoint.listed.find(isUsable)
  const text = program(language, endpoint.address, shown?.example ?? {})
  const [base = ''] = endpoint.address.split('/serve/')
  return (
    <Section title="Use" help="Put a key of the Keys tab in place of YOUR_KEY. The answer has a row of results for each row that is sent.">
      <Stack gap="md">
        <CopyLine label="Address" help="For rows as JSON or CSV." text={`${endpoint.address}/score`} />
        <CopyLine label="Open Inference Protocol v2" help="For clients of KServe, Triton or MLServer." text={`${base}/v2/models/${endpoint.name}/infer`} />
        <CopyLine label="OpenAPI document" help="The columns of requests and answers, with an example." text={`${endpoint.address}/schema`} />
        <Group justify="space-between">
          <SegmentedControl data={[...LANGUAGES]} value={language} onChange={(value) => setLanguage(value as Language)} aria-label="Language" />
          <CopyButton value={text}>{({ copied, copy }) => <Button variant="default" onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
        </Group>
        <pre className={classes.text} data-program>{text}</pre>
      </Stack>
    </Section>
  )
}
