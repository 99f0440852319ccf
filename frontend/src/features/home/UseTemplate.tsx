/** Makes a pipeline from a template: its parameters are asked for first. */
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { asApiError, openTemplate, type Template } from '../../server/rest'
import { readValue, shownDefault, type TypedValue } from '../../core/graph/typedValue'
import { labelOf } from '../../core/graph/parameters'
import { useOpening } from '../../state/opening'
import { Dialog } from '../../ui/Dialog'

export function UseTemplate({ template, workspace, onClose }: { template: Template; workspace: string; onClose: () => void }) {
  const parameters = Object.entries(template.graph.parameters).filter(([, { type }]) => type !== 'columns')
  const [name, setName] = useState('')
  const [typed, setTyped] = useState<Record<string, string>>({})
  const opening = useOpening((values: Record<string, TypedValue>) => openTemplate(template.id, { workspace, parameters: values, ...(name.trim() && { name: name.trim() }) }))
  const read = parameters.map(([key, parameter]) => [key, typed[key] === undefined ? undefined : readValue(parameter, typed[key])] as const)
  const wrong = new Map(read.filter(([, value]) => value instanceof Error).map(([key, value]) => [key, (value as Error).message]))
  const submit = () => wrong.size === 0 && opening.mutate(Object.fromEntries(read.filter(([, value]) => value !== undefined)) as Record<string, TypedValue>)
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={opening.isPending} disabled={wrong.size > 0}>Create pipeline</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title={`New from “${template.name}”`} error={opening.error ? asApiError(opening.error) : null} onSubmit={submit} buttons={buttons}>
      <TextInput label="Name" placeholder={template.name} maxLength={200} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} />
      {parameters.map(([key, parameter]) => {
        const shared = { label: labelOf(key, parameter), description: parameter.help, value: typed[key] ?? shownDefault(parameter) }
        const choices = parameter.type === 'boolean' ? ['true', 'false'] : parameter.type === 'choice' ? [...(parameter.choices ?? [])] : null
        const change = (value: string) => setTyped({ ...typed, [key]: value })
        return choices
          ? <NativeSelect key={key} {...shared} data={choices} onChange={(event) => change(event.currentTarget.value)} />
          : <TextInput key={key} {...shared} error={wrong.get(key)} onChange={(event) => change(event.currentTarget.value)} />
      })}
    </Dialog>
  )
}
