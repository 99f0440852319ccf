/** The gallery of samples: each with its pipeline, what it teaches, and what its models reach. */
import { NativeSelect, TextInput, Title } from '@mantine/core'
import { IconFilter, IconSearch, IconSearchOff } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { counted } from '../../core/base/numbers'
import { findSamples, tasksOf } from '../../core/pipelines/samples'
import { openSample, type Sample } from '../../server/rest'
import { useOpening } from '../../state/opening'
import { Box } from '../../ui/Box'
import { Empty } from '../../ui/Empty'
import classes from './Home.module.css'
import { SampleResults } from './SampleResults'
import { summarise, type Summary } from './summarise'
import { Thumbnail } from './Thumbnail'

interface CardProps {
  sample: Sample
  thumbnail: Summary
  disabled: boolean
  onOpen: () => void
}

function SampleCard({ sample, thumbnail, disabled, onOpen }: CardProps) {
  const { title, summary, learn, task, tags, modules, missing } = sample
  return (
    <button type="button" className={classes.card} disabled={disabled} onClick={onOpen}>
      <Thumbnail summary={thumbnail} />
      <span className={classes.words}>
        <strong>{title}</strong>
        <span className={classes.soft}>{summary} {learn}</span>
        <SampleResults sample={sample} />
        {missing && <span className={classes.micro}>Some modules need an extra: <code>{missing}</code></span>}
        <span className={classes.micro}>{task} · {counted(modules, 'module')} · {tags.join(', ')}</span>
      </span>
    </button>
  )
}

export function Samples({ samples, workspace }: { samples: Sample[]; workspace: string }) {
  const [search, setSearch] = useState('')
  const [task, setTask] = useState('')
  const opening = useOpening((slug: string) => openSample(slug, workspace))
  const thumbnails = useMemo(() => new Map(samples.map(({ slug, graph }) => [slug, summarise(graph)])), [samples])
  const tasks = useMemo(() => [{ value: '', label: 'All tasks' }, ...tasksOf(samples).map((each) => ({ value: each, label: each }))], [samples])
  const shown = findSamples(samples, search, task)
  return (
    <section aria-labelledby="samples">
      <div className={classes.heading}>
        <Title order={2} id="samples" className={classes.title}>Samples</Title>
        <span className={classes.soft}>Each opens as your own copy, with its data</span>
        <div className={classes.finders}>
          <TextInput
            className={classes.search} type="search" aria-label="Filter samples" placeholder="Filter by topic" leftSection={<IconSearch size={14} />}
            value={search} onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <NativeSelect miw={150} aria-label="Task of samples" leftSection={<IconFilter size={14} />} data={tasks} value={task} onChange={(event) => setTask(event.currentTarget.value)} />
        </div>
      </div>
      <p role="status" className="visually-hidden">{shown.length < samples.length && `${shown.length} of ${counted(samples.length, 'sample')}`}</p>
      {shown.length === 0 && <Box><Empty title="No sample matches" icon={IconSearchOff}>The filter searches titles, descriptions and tags.</Empty></Box>}
      <div className={classes.grid}>
        {shown.map((sample) => {
          const thumbnail = thumbnails.get(sample.slug)
          return thumbnail && <SampleCard key={sample.slug} sample={sample} thumbnail={thumbnail} disabled={opening.isPending} onOpen={() => opening.mutate(sample.slug)} />
        })}
      </div>
    </section>
  )
}
