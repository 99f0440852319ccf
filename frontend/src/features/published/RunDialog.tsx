import { Button, NativeSelect } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Params } from '../../core/base/json'
import type { Parameters } from '../../core/graph/parameters'
import { type ChosenInputs, defaultOf, type Published, requestOf } from '../../core/published/published'
import { asApiError, getDatasets, startPublished } from '../../server/rest'
import { publishedKey } from '../../state/published'
import { Dialog } from '../../ui/Dialog'
import { InputFields } from '../../ui/InputFields'
import { ParameterFields } from '../../ui/ParameterFields'
import classes from './published.module.css'

/** Starts a run of a published pipeline, as a program does: with values and datasets. */
export function RunDialog({ published, workspace, onClose }: { published: Published; workspace: string; onClose: () => void }) {
  const queries = useQueryClient()
  const [, go] = useLocation()
  const [number, setNumber] = useState(published.default)
  const version = published.listed.find((each) => each.number === number) ?? defaultOf(published)
  const [given, setGiven] = useState<Params>({})
  const [preset, setPreset] = useState('')
  const [inputs, setInputs] = useState<ChosenInputs>({})
  const datasets = useQuery({ queryKey: ['datasets', { workspace }], queryFn: () => getDatasets(workspace) })
  const start = useMutation({
    mutationFn: () => startPublished(published.id, { version: number, preset, ...requestOf(given, inputs) }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: publishedKey(published.id) })
      onClose()
      go(`/published/${published.id}`)
    },
  })
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={start.isPending}>Run</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title={`Run ${published.name}`} error={start.error && asApiError(start.error)} onSubmit={() => start.mutate()} buttons={buttons}>
      <NativeSelect label="Version" value={number} onChange={(event) => setNumber(Number(event.currentTarget.value))} data={published.listed.map((each) => ({ value: String(each.number), label: each.number === published.default ? `Version ${each.number} (default)` : `Version ${each.number}` }))} />
      <InputFields inputs={version?.inputs ?? {}} chosen={inputs} datasets={datasets.data ?? []} onChange={setInputs} className={classes.fields} />
      <ParameterFields parameters={(version?.parameters ?? {}) as Parameters} given={given} presets={version?.presets as Readonly<Record<string, Params>> | undefined} preset={preset} onPreset={setPreset} onChange={setGiven} className={classes.fields} />
    </Dialog>
  )
}
