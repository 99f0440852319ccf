import { Button, NativeSelect, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { aliasProblem, STAGE_WORDS, type RegisteredModel } from '../../core/data/models'
import { asApiError, moveAlias, removeAlias } from '../../server/rest'
import { Dialog } from '../../ui/Dialog'
import list from '../../ui/list.module.css'
import { Section } from '../../ui/Section'
import classes from './registry.module.css'

const HELP = 'An alias is a word that names one version, such as champion. Pipelines that use the alias follow it when it moves; a run keeps the content that it found.'

/** The aliases of a model, and moving them. */
export function Aliases({ model, edits }: { model: RegisteredModel; edits: boolean }) {
  const [open, setOpen] = useState<{ alias: string | null; remove: boolean } | null>(null)
  const aliases = Object.entries(model.aliases)
  if (!edits && aliases.length === 0) return null
  return (
    <Section title="Aliases" help={HELP}>
      {edits && model.versions.length > 0 && <div className={classes.buttons}><Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={() => setOpen({ alias: null, remove: false })}>Set an alias</Button></div>}
      {aliases.length > 0 && (
        <div className={list.scroller}>
          <table className={list.list}>
            <thead><tr><th scope="col">Alias</th><th scope="col">Version</th><td /></tr></thead>
            <tbody>
              {aliases.map(([alias, number]) => (
                <tr key={alias}>
                  <th scope="row">{alias}</th><td>v{number}</td>
                  <td data-actions>
                    {edits && <Button size="compact-xs" variant="subtle" color="gray" aria-label={`Move ${alias}`} onClick={() => setOpen({ alias, remove: false })}>Move</Button>}
                    {edits && <Button size="compact-xs" variant="subtle" color="gray" aria-label={`Remove ${alias}`} onClick={() => setOpen({ alias, remove: true })}>Remove</Button>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {open && <AliasDialog model={model} alias={open.alias} remove={open.remove} onClose={() => setOpen(null)} />}
    </Section>
  )
}

function useMove(model: RegisteredModel, onDone: () => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ alias, to, why }: { alias: string; to: number | null; why: string }) => {
      const expected = model.aliases[alias] ?? null
      return to === null && expected !== null ? removeAlias(model.id, alias, { expected, why }) : moveAlias(model.id, alias, { version: to ?? 0, expected, why })
    },
    onSuccess: onDone,
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['model', model.id] })
      await queries.invalidateQueries({ queryKey: ['models'] })
    },
  })
}

function AliasDialog({ model, alias, remove, onClose }: { model: RegisteredModel; alias: string | null; remove: boolean; onClose: () => void }) {
  const choices = model.versions.filter(({ stage }) => stage !== 'retired')
  const [name, setName] = useState(alias ?? (model.aliases.champion === undefined ? 'champion' : ''))
  const [to, setTo] = useState(choices.find(({ number }) => number !== model.aliases[name])?.number ?? choices[0]?.number ?? 0)
  const [why, setWhy] = useState('')
  const move = useMove(model, onClose)
  const trouble = aliasProblem(name)
  const ready = name !== '' && trouble === null && (remove || to > 0)
  const now = model.aliases[name]
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={move.isPending} disabled={!ready} color={remove ? 'red' : undefined}>{remove ? 'Remove alias' : now === undefined ? 'Set alias' : 'Move alias'}</Button>
    </>
  )
  return (
    <Dialog
      onClose={onClose} title={remove ? `Remove the alias ${name}?` : alias ? `Move the alias ${alias}` : 'Set an alias'} error={move.error && asApiError(move.error)} buttons={buttons}
      onSubmit={() => ready && move.mutate({ alias: name, to: remove ? null : to, why })}
    >
      {remove && <div>Pipelines that use it will report that it does not exist.</div>}
      {alias === null && <TextInput label="Alias" data-autofocus value={name} error={trouble} description={now === undefined ? undefined : `It names version ${now} now.`} onChange={(event) => setName(event.currentTarget.value)} />}
      {!remove && (
        <NativeSelect
          label="Version" value={String(to)} onChange={(event) => setTo(Number(event.currentTarget.value))}
          data={choices.map(({ number, title, stage }) => ({ value: String(number), label: `v${number}, ${title}, ${STAGE_WORDS[stage].toLowerCase()}` }))}
        />
      )}
      <TextInput label="Reason" description="Kept in the history." maxLength={500} value={why} onChange={(event) => setWhy(event.currentTarget.value)} />
    </Dialog>
  )
}
