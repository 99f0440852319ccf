import { openSample, type Sample } from '../../server/rest'
import { useCatalogue } from '../../state/catalogue'
import classes from './Home.module.css'
import { summarise } from './summarise'
import { Thumbnail } from './Thumbnail'
import { useOpening } from '../../state/opening'

export function Samples({ samples, workspace }: { samples: Sample[]; workspace: string }) {
  const catalogue = useCatalogue()
  const opening = useOpening((slug: string) => openSample(slug, workspace))
  return (
    <div className={classes.grid}>
      {samples.map((sample) => (
        <button key={sample.slug} type="button" className={classes.card} disabled={opening.isPending} onClick={() => opening.mutate(sample.slug)}>
          <Thumbnail summary={summarise(sample.graph, catalogue)} />
          <span className={classes.words}>
            <strong>{sample.title}</strong>
            <span>{sample.summary}</span>
            <span className={classes.faint}>{sample.modules} modules · opens as a copy</span>
          </span>
        </button>
      ))}
    </div>
  )
}
