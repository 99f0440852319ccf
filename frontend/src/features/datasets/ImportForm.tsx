import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { CONNECTS, isReady, NEW_IMPORT, ORIGINS, PACES, settingsOf, timesOfPace, type ImportDraft, type Origin, type Pace } from '../../core/schedules/imports'
import { ownZone } from '../../core/schedules/schedules'
import { accepted } from '../../core/team/connections'
import { asApiError, createImport } from '../../server/rest'
import { useConnections } from '../../state/connections'
import { importsKey } from '../../state/imports'
import { Dialog } from '../../ui/Dialog'

interface Props {
  workspace: string
  /** The dataset that gets a source; null for a new one. */
  dataset: { id: string; title: string } | null
  onClose: () => void
}

/** Gives a dataset a source outside, from which it is read now, and again by hand or at planned times. */
export function ImportForm({ workspace, dataset, onClose }: Props) {
  const queries = useQueryClient()
  const [draft, setDraft] = useState<ImportDraft>(NEW_IMPORT)
  const set = (more: Partial<ImportDraft>) => setDraft({ ...draft, ...more })
  const save = useMutation({
    mutationFn: () => createImport({ workspace, title: draft.title.trim(), dataset: dataset?.id ?? null, settings: settingsOf(draft), times: timesOfPace(draft) }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: importsKey(workspace) })
      onClose()
    },
  })
  const ready = isReady(draft) && (dataset !== null || draft.title.trim() !== '')
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={save.isPending} disabled={!ready}>Import</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title={dataset ? `Source of ${dataset.title}` : 'Import from outside'} error={save.error && asApiError(save.error)} onSubmit={() => ready && save.mutate()} buttons={buttons}>
      {!dataset && <TextInput label="Title" description="Of the dataset" data-autofocus value={draft.title} onChange={(event) => set({ title: event.currentTarget.value })} />}
      <NativeSelect label="Source" data={ORIGINS} value={draft.origin} onChange={(event) => set({ origin: event.currentTarget.value as Origin, connection: '' })} />
      <SourceFields workspace={workspace} draft={draft} set={set} />
      <NativeSelect label="Refresh" description="A new version is made only if the bytes have changed." data={PACES} value={draft.pace} onChange={(event) => set({ pace: event.currentTarget.value as Pace })} />
      {(draft.pace === 'day' || draft.pace === 'week') && <TextInput type="time" label="At" description={`Time of day in ${ownZone()}; the page Schedules has other rules and zones.`} value={draft.clock} onChange={(event) => set({ clock: event.currentTarget.value })} />}
    </Dialog>
  )
}

interface FieldProps {
  workspace: string
  draft: ImportDraft
  set: (more: Partial<ImportDraft>) => void
}

function SourceFields({ workspace, draft, set }: FieldProps) {
  switch (draft.origin) {
    case 'url': return (
      <>
        <TextInput label="Web address" description="Of a CSV, Parquet, Excel, JSON or Arrow file, without a password" placeholder="https://" value={draft.url} onChange={(event) => set({ url: event.currentTarget.value })} />
        <ConnectionField workspace={workspace} draft={draft} set={set} label="Login" none="None" />
      </>
    )
    case 'database': return (
      <>
        <ConnectionField workspace={workspace} draft={draft} set={set} label="Database" none="Select a connection" />
        <TextInput label="Table" description="Or a query below" value={draft.table} onChange={(event) => set({ table: event.currentTarget.value })} />
        <Textarea label="Query" description="One SELECT statement" autosize minRows={2} value={draft.query} error={draft.table.trim() && draft.query.trim() ? 'Enter a table or a query, not both.' : null} onChange={(event) => set({ query: event.currentTarget.value })} />
      </>
    )
    case 'files': return (
      <>
        <ConnectionField workspace={workspace} draft={draft} set={set} label="Bucket or folder" none="Select a connection" />
        <TextInput label="Files" description="* stands for a part of a name, ** for any folders. Files with the same columns are stacked." placeholder="sales-*.csv" value={draft.path} onChange={(event) => set({ path: event.currentTarget.value })} />
      </>
    )
  }
}

function ConnectionField({ workspace, draft, set, label, none }: FieldProps & { label: string; none: string }) {
  const { data = [], isSuccess } = useConnections(workspace)
  const fit = accepted(CONNECTS[draft.origin], data)
  const missing = isSuccess && fit.length === 0 && draft.origin !== 'url'
  return (
    <NativeSelect
      label={label} value={draft.connection} onChange={(event) => set({ connection: event.currentTarget.value })}
      data={[{ value: '', label: none }, ...fit.map(({ name }) => ({ value: name, label: name }))]}
      description={missing ? <>The workspace has no such connection yet. An admin creates it on the page <Link href="/team">Team</Link>.</> : undefined}
    />
  )
}
