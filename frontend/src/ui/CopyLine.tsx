import { Button, CopyButton, Group, TextInput } from '@mantine/core'

/** A text that is shown once, for copying. */
export function CopyLine({ label, help, text }: { label: string; help: string; text: string }) {
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <TextInput flex={1} maw={520} label={label} description={help} readOnly value={text} onFocus={(event) => event.currentTarget.select()} styles={{ input: { fontFamily: 'var(--mono)' } }} />
      <CopyButton value={text}>{({ copied, copy }) => <Button variant="default" onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
    </Group>
  )
}
