import { Title } from '@mantine/core'
import { useMemo } from 'react'
import { counted } from '../../core/base/numbers'
import { openSample, type Sample } from '../../server/rest'
import classes from './Home.module.css'
import { summarise } from './summarise'
import { Thumbnail } from './Thumbnail'
import { useOpening } from '../../state/opening'

export function Samples({ samples, workspace }: { samples: Sample[]; workspace: string }) {
  const opening = useOpening((slug: string) => openSample(slug, workspace))
  const drawn = useMemo(() => samples.map((sample) => ({ ...sample, thumbnail: summarise(sample.graph) })), [samples])
  return (
    <section aria-labelledby="samples">
      <div className={classes.heading}>
        <Title order={2} id="samples" className={classes.title}>Samples</Title>
        <span className={classes.soft}>Each opens as your own copy, with its data</span>
      </div>
      <div className={classes.grid}>
        {drawn.map(({ slug, title, summary, modules, thumbnail }) => (
          <button key={slug} type="button" className={classes.card} disabled={opening.isPending} onClick={() => opening.mutate(slug)}>
            <Thumbnail summary={thumbnail} />
            <span className={classes.words}>
              <strong>{title}</strong>
              <span className={classes.soft}>{summary}</span>
              <span className={classes.micro}>{counted(modules, 'module')}</span>
            </span>
          </button>
        ))}
      </div>
    </section>
  )
}
