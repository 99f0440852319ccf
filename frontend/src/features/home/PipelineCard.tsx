import { Link } from 'wouter'
import { lastRunWords } from '../../core/pipelines/pipelines'
import type { Pipeline } from '../../server/rest'
import { colourOf } from '../../state/people'
import { Avatar } from '../../ui/Avatar'
import { StateMark } from '../../ui/StateMark'
import { Timestamp } from '../../ui/Timestamp'
import classes from './Home.module.css'
import { Metric } from './Metric'
import { PipelineMenu } from './PipelineMenu'
import { Thumbnail } from './Thumbnail'

export function PipelineCard({ pipeline }: { pipeline: Pipeline }) {
  const { last_run: last, updated_by: by } = pipeline
  return (
    <div className={classes.holder}>
      <Link href={`/pipelines/${pipeline.id}`} className={classes.card}>
        <Thumbnail summary={pipeline.graph_summary} failed={last?.failed} running={last?.running} />
        <span className={classes.words}>
          <span className={classes.named}>
            <strong>{pipeline.name}</strong>
            {last?.headline && <Metric headline={last.headline} change={last.change} />}
          </span>
          {!pipeline.readable && <span className={classes.soft}>Cannot be read. Delete it, or replace its graph through the API.</span>}
          <span className={classes.state}>
            {last && <StateMark state={last.state} />}
            <span>{last ? <>{lastRunWords(last)} · <Timestamp at={last.finished_at ?? last.created_at} /></> : <>Not run yet · changed <Timestamp at={pipeline.updated_at} /></>}</span>
            {by && <Changer name={by} id={pipeline.updated_by_id} />}
          </span>
        </span>
      </Link>
      <PipelineMenu pipeline={pipeline} />
    </div>
  )
}

function Changer({ name, id }: { name: string; id: string | null }) {
  return (
    <span className={classes.changer} title={`Changed by ${name}`}>
      <Avatar name={name} colour={colourOf(id ?? name)} size={20} /><span className="visually-hidden">changed by </span>{name}
    </span>
  )
}
