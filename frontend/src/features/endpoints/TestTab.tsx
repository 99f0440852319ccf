import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { inputsOf, isUsable, textOf, valueOf, type Endpoint, type InputColumn } from '../../core/endpoints/endpoints'
import { asApiError, testEndpoint } from '../../server/rest'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import { Section } from '../../ui/Section'
import classes from './endpoints.module.css'

/** A form made from the columns of a request, with a real row filled in, and the answer. */
export function TestTab({ endpoint }: { endpoint: Endpoint }) {
  const usable = endpoint.listed.filter(isUsable)
  const [version, setVersion] = useState('')
  const shown = usable.find(({ number }) => String(number) === version) ?? usable.find(({ share }) => share > 0) ?? usable[0]
  if (!shown) return <Empty title="Nothing to test yet">A version can be tested once it is proven.</Empty>
  return (
    <Section title="Test" help="Sends one row to a serving process. The fields hold a real row of the training data; an empty field is a missing value.">
      <Stack gap="md">
        <NativeSelect
          label="Version" maw={240} value={version} onChange={(event) => setVersion(event.currentTarget.value)}
          data={[{ value: '', label: 'As the shares decide' }, ...usable.map(({ number }) => ({ value: String(number), label: `Version ${number}` }))]}
        />
        <RowForm key={shown.number} endpoint={endpoint.id} version={version === '' ? null : Number(version)} columns={inputsOf(shown)} example={shown.example ?? {}} />
      </Stack>
    </Section>
  )
}

interface RowProps {
  endpoint: string
  version: number | null
  columns: InputColumn[]
  example: Record<string, unknown>
}

function RowForm({ endpoint, version, columns, example }: RowProps) {
  const [texts, setTexts] = useState<Record<string, string>>(() => Object.fromEntries(columns.map(({ name }) => [name, textOf(example[name])])))
  const row = Object.fromEntries(columns.map((column) => [column.name, valueOf(texts[column.name] ?? '', column)]))
  const test = useMutation({ mutationFn: () => testEndpoint(endpoint, { body: { rows: [row] }, version }) })
  return (
    <form onSubmit={(event) => { event.preventDefault(); test.mutate() }}>
      <Stack gap="md">
        <div className={classes.fields}>
          {columns.map((column) => (
            <TextInput
              key={column.name} label={column.name} description={column.nullable ? `${column.type}, may be missing` : column.type} value={texts[column.name] ?? ''}
              list={column.categories ? `of-${column.name}` : undefined} onChange={(event) => { const { value } = event.currentTarget; setTexts((now) => ({ ...now, [column.name]: value })) }}
            />
          ))}
        </div>
        {columns.map(({ name, categories }) => categories && <datalist key={name} id={`of-${name}`}>{categories.map((each) => <option key={each} value={each} />)}</datalist>)}
        <Group><Button type="submit" loading={test.isPending}>Send</Button></Group>
        <div role="status">
          {test.data && (
            <Stack gap={4}>
              <Text size="sm">Status {test.data.status}, {test.data.milliseconds.toFixed(1)} ms</Text>
              <pre className={classes.text} data-answer>{JSON.stringify(test.data.answer, null, 2)}</pre>
            </Stack>
          )}
        </div>
        {test.error && <Failure error={asApiError(test.error)} />}
      </Stack>
    </form>
  )
}
