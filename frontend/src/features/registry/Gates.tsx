import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { figureKeys, GATE_KINDS, newGate, type Gate, type RegisteredModel } from '../../core/data/models'
import { asApiError, setGates } from '../../server/rest'
import { versionGatesQuery } from '../../state/models'
import { Dialog } from '../../ui/Dialog'
import list from '../../ui/list.module.css'
import { NumberField } from '../../ui/NumberField'
import { QueryBoundary } from '../../ui/QueryBoundary'
import { Section } from '../../ui/Section'
import { StateMark } from '../../ui/StateMark'
import classes from './registry.module.css'

const HELP = 'What a version must meet before it is approved, or before an alias moves to it. A decision that does not meet them is refused with the reason.'

/** The conditions of a model, and how a version stands to them. */
export function Gates({ model, number, decides }: { model: RegisteredModel; number: number; decides: boolean }) {
  const [editing, setEditing] = useState(false)
  const results = useQuery(versionGatesQuery(model.id, number))
  if (!decides && model.gates.length === 0) return null
  return (
    <Section title="Conditions" help={HELP}>
      {decides && <div className={classes.buttons}><Button size="xs" variant="default" onClick={() => setEditing(true)}>{model.gates.length === 0 ? 'Set conditions' : 'Change conditions'}</Button></div>}
      {model.gates.length > 0 && (
        <QueryBoundary query={results}>
          {(all) => (
            <div className={list.scroller}>
              <table className={list.list}>
                <thead><tr><th scope="col">Before</th><th scope="col">Condition</th><th scope="col">Version {number}</th></tr></thead>
                <tbody>
                  {all.map(({ alias, condition, passed, words, remedy }) => (
                    <tr key={`${alias} ${condition}`}>
                      <td>{alias ? `Alias ${alias}` : 'Approval'}</td>
                      <td className={list.wrapped}>{condition}</td>
                      <td className={list.wrapped}><div className={classes.result}><StateMark state={passed ? 'done' : 'failed'} /><span>{words} {!passed && <span className={classes.small}>{remedy}</span>}</span></div></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </QueryBoundary>
      )}
      {editing && <GatesDialog model={model} onClose={() => setEditing(false)} />}
    </Section>
  )
}

function GatesDialog({ model, onClose }: { model: RegisteredModel; onClose: () => void }) {
  const queries = useQueryClient()
  const [gates, setAll] = useState<Gate[]>(model.gates.length === 0 ? [newGate()] : model.gates)
  const save = useMutation({
    mutationFn: () => setGates(model.id, gates),
    onSuccess: async (changed) => {
      queries.setQueryData(['model', model.id], changed)
      onClose()
      await queries.invalidateQueries({ queryKey: ['model', model.id] })
    },
  })
  const change = (at: number, more: Partial<Gate>) => setAll(gates.map((gate, other) => (other === at ? { ...gate, ...more } : gate)))
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={save.isPending}>Save</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title={`Conditions of ${model.name}`} error={save.error && asApiError(save.error)} onSubmit={() => save.mutate()} buttons={buttons}>
      {gates.map((gate, at) => (
        <fieldset key={at} className={classes.gate}>
          <legend>Condition {at + 1}</legend>
          <NativeSelect
            label="Kind" value={gate.kind} data={GATE_KINDS}
            onChange={(event) => change(at, { ...newGate(), alias: gate.alias, kind: event.currentTarget.value as Gate['kind'], ...(event.currentTarget.value === 'figure' && { figure: figureKeys(model)[0]?.value ?? '', margin: 0 }) })}
          />
          <TextInput label="Before the alias moves" description="Empty: before a version is approved" value={gate.alias ?? ''} onChange={(event) => change(at, { alias: event.currentTarget.value })} />
          {gate.kind === 'figure' && (
            <>
              <NativeSelect label="Figure" value={gate.figure ?? ''} data={figureKeys(model)} onChange={(event) => change(at, { figure: event.currentTarget.value })} />
              <NativeSelect
                label="Compared with" value={gate.bound === null ? 'margin' : 'bound'} data={[{ value: 'margin', label: 'The current version' }, { value: 'bound', label: 'A number' }]}
                onChange={(event) => change(at, event.currentTarget.value === 'bound' ? { bound: 0, margin: null } : { bound: null, margin: 0 })}
              />
              {gate.bound === null
                ? <NumberField label="It may be worse by" min={0} value={gate.margin ?? 0} onChange={(value) => change(at, { margin: Number(value) || 0 })} />
                : <NumberField label="It must reach" value={gate.bound} onChange={(value) => change(at, { bound: Number(value) || 0 })} />}
            </>
          )}
          <ActionIcon variant="subtle" color="gray" aria-label={`Remove condition ${at + 1}`} onClick={() => setAll(gates.filter((_, other) => other !== at))}><IconTrash size={16} /></ActionIcon>
        </fieldset>
      ))}
      {gates.length === 0 && <p>Without conditions every version can be approved and get every alias.</p>}
      <div><Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={() => setAll([...gates, newGate()])}>Add a condition</Button></div>
    </Dialog>
  )
}
