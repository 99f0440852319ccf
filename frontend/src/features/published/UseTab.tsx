import { Button, CopyButton, Group, SegmentedControl, Stack } from '@mantine/core'
import { useState } from 'react'
import { defaultOf, type Language, LANGUAGES, program, type Published } from '../../core/published/published'
import { CopyLine } from '../../ui/CopyLine'
import { Section } from '../../ui/Section'
import classes from './published.module.css'

/** Programs that start a run, to copy. */
export function UseTab({ published }: { published: Published }) {
  const [language, setLanguage] = useState<Language>('curl')
  const text = program(language, window.location.origin, published.address, defaultOf(published))
  return (
    <Section title="Use" help="Put a key of the Keys tab, or your own API token, in place of YOUR_KEY. The answer says where to follow the run and where its results are.">
      <Stack gap="md">
        <CopyLine label="Address" help="POST starts a run; GET lists the newest ones. It stays when the name changes." text={`${window.location.origin}${published.address}`} />
        <Group justify="space-between">
          <SegmentedControl data={[...LANGUAGES]} value={language} onChange={(value) => setLanguage(value as Language)} aria-label="Language" />
          <CopyButton value={text}>{({ copied, copy }) => <Button variant="default" onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
        </Group>
        <pre className={classes.text} data-program tabIndex={0}>{text}</pre>
      </Stack>
    </Section>
  )
}
