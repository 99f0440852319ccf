/** A search for the best model in four clicks: data, target, time, go. */
import { Button } from '@mantine/core'
import { IconEye, IconPlayerPlayFilled } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'
import { presetOf, timeWords, type SearchAsked } from '../../core/runs/searches'
import { mayEdit, type Workspace } from '../../core/team/people'
import { getDatasets } from '../../server/rest'
import { loadCatalogue } from '../../state/catalogue'
import { notifyFailure } from '../../state/opening'
import { startSearch } from '../../state/searches'
import { Empty } from '../../ui/Empty'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { Page } from '../../ui/Page'
import { QueryBoundary } from '../../ui/QueryBoundary'
import type { Dataset } from '../../core/data/datasets'
import { Advanced } from './Advanced'
import classes from './automl.module.css'
import { DataChoice } from './DataChoice'
import { dateOf, draftOf, problemOf, settingsOf, type Draft } from './draft'
import { TargetChoice } from './TargetChoice'
import { TimeChoice } from './TimeChoice'

export default function NewSearchPage({ workspace }: { workspace: Workspace }) {
  useEffect(() => void loadCatalogue(), [])
  const datasets = useQuery({ queryKey: ['datasets', workspace.id, 'table'], queryFn: () => getDatasets(workspace.id, 'table') })
  if (!mayEdit(workspace)) {
    return <Empty page title="You can view only" icon={IconEye} actions={<Link href="/">All pipelines</Link>}>Your role in {workspace.name} is {workspace.role}. Starting a search needs the role editor: ask an admin.</Empty>
  }
  return (
    <Page title="Train the best model" facts="Easel tries learners and settings within the time you give it, and shows you the best.">
      <QueryBoundary query={datasets} skeleton={<ListSkeleton rows={8} />}>{(all) => <Form workspace={workspace} datasets={all} />}</QueryBoundary>
    </Page>
  )
}

function Form({ workspace, datasets }: { workspace: Workspace; datasets: Dataset[] }) {
  const [query] = useSearchParams()
  const [, go] = useLocation()
  const [draft, setDraft] = useState<Draft>(() => draftOf(presetOf(query)))
  const [sent, setSent] = useState<Dataset | null>(null) // an upload is in the list a moment later
  const all = useMemo(() => (sent && !datasets.some(({ id }) => id === sent.id) ? [sent, ...datasets] : datasets), [datasets, sent])
  const dataset = all.find(({ id }) => id === draft.dataset) ?? null
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  const starting = useMutation({
    mutationFn: (asked: SearchAsked) => startSearch(workspace.id, asked),
    onSuccess: ({ run }) => go(`/automl/${run.id}`),
    onError: notifyFailure,
  })
  const validation = draft.task === 'forecast' ? null : all.find(({ id }) => id === draft.validation) ?? null
  const problem = problemOf(draft, dataset, validation)
  const forecast = draft.task === 'forecast'
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (dataset && !problem) starting.mutate({ ...draft, dataset, validation, settings: settingsOf(draft) })
  }
  const choose = (chosen: Dataset) => {
    setSent(chosen)
    change({ dataset: chosen.id, ...(chosen.id !== draft.dataset && { target: '', without: [], validation: '', time: draft.task === 'forecast' ? dateOf(chosen) : '', series: [], column: '' }) })
  }
  return (
    <form className={classes.form} onSubmit={submit} aria-label="New search">
      <DataChoice datasets={all} chosen={dataset} workspace={workspace.id} onChoose={choose} />
      <TargetChoice dataset={dataset} chosen={draft.target} forecast={forecast} onChoose={(target) => change({ target })} />
      <TimeChoice seconds={draft.seconds} onChange={(seconds) => change({ seconds })} />
      <Advanced draft={draft} dataset={dataset} datasets={all} onChange={change} />
      <div className={classes.go}>
        <Button type="submit" size="md" leftSection={<IconPlayerPlayFilled size={14} />} loading={starting.isPending} disabled={problem !== ''} aria-describedby="go-words">Go</Button>
        <span id="go-words" role="status">{problem || `Searches for ${timeWords(draft.seconds)} for ${forecast ? `a method that forecasts “${draft.target}” for ${draft.horizon} periods` : `a model that predicts “${draft.target}”`}.`}</span>
      </div>
    </form>
  )
}
