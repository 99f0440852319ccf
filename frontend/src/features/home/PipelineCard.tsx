import { Link } from 'wouter'
import type { Pipeline } from '../../server/rest'
import { Timestamp } from '../../ui/Timestamp'
import { STATE_WORDS, StateMark } from '../../ui/StateMark'
import classes from './Home.module.css'
import { PipelineMenu } from './PipelineMenu'
import { Thumbnail } from './Thumbnail'

export function PipelineCard({ pipeline }: { pipeline: Pipeline }) {
  const { last_run: last } = pipeline
  return (
    <div className={classes.holder}>
      <Link href={`/pipelines/${pipeline.id}`} className={classes.card}>
        <Thumbnail summary={pipeline.graph_summary} />
        <span className={classes.words}>
          <strong>{pipeline.name}</strong>
          <span className={classes.faint}>Changed <Timestamp at={pipeline.updated_at} />{pipeline.updated_by && ` by ${pipeline.updated_by}`}</span>
          {!pipeline.readable && <span className={classes.faint}>Cannot be read: delete it, or replace its graph over the API.</span>}
          {last && <span className={classes.last}><StateMark state={last.state} size={14} /> {STATE_WORDS[last.state]} <Timestamp at={last.finished_at ?? last.created_at} /></span>}
        </span>
      </Link>
      <PipelineMenu pipeline={pipeline} />
    </div>
  )
}
