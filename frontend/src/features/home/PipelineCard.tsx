import { ActionIcon, Menu } from '@mantine/core'
import { IconDots, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import { atLeast } from '../../core/people'
import { deletePipeline, type Pipeline } from '../../server/rest'
import { Moment } from '../../ui/Moment'
import { STATE_WORDS, StateMark } from '../../ui/StateMark'
import classes from './Home.module.css'
import { Thumbnail } from './Thumbnail'

function More({ pipeline }: { pipeline: Pipeline }) {
  const client = useQueryClient()
  const removing = useMutation({ mutationFn: () => deletePipeline(pipeline.id), onSuccess: () => client.invalidateQueries({ queryKey: ['pipelines'] }) })
  const remove = () => {
    if (window.confirm(`Delete “${pipeline.name}” with its versions? This cannot be undone; its runs stay on the page Runs.`)) removing.mutate()
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target><ActionIcon className={classes.more} aria-label={`More for ${pipeline.name}`}><IconDots size={16} /></ActionIcon></Menu.Target>
      <Menu.Dropdown><Menu.Item fz={13} color="red" leftSection={<IconTrash size={14} />} onClick={remove}>Delete</Menu.Item></Menu.Dropdown>
    </Menu>
  )
}

export function PipelineCard({ pipeline }: { pipeline: Pipeline }) {
  const { last_run: last } = pipeline
  return (
    <div className={classes.holder}>
      <Link href={`/pipelines/${pipeline.id}`} className={classes.card}>
        <Thumbnail summary={pipeline.graph_summary} />
        <span className={classes.words}>
          <strong>{pipeline.name}</strong>
          <span className={classes.faint}>Changed <Moment at={pipeline.updated_at} />{pipeline.updated_by && ` by ${pipeline.updated_by}`}</span>
          {last && <span className={classes.last}><StateMark state={last.state} size={14} /> {STATE_WORDS[last.state]} <Moment at={last.finished_at ?? last.created_at} /></span>}
        </span>
      </Link>
      {atLeast(pipeline.role, 'editor') && <More pipeline={pipeline} />}
    </div>
  )
}
