import { Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { importState, type Import } from '../../core/schedules/imports'
import { here } from '../../core/schedules/schedules'
import { asApiError, deleteImport, refreshImport } from '../../server/rest'
import { importsKey } from '../../state/imports'
import { ConfirmAction } from '../../ui/ConfirmAction'
import { Failure } from '../../ui/Failure'
import list from '../../ui/list.module.css'
import { Section } from '../../ui/Section'
import { StateMark } from '../../ui/StateMark'
import { Timestamp } from '../../ui/Timestamp'
import classes from './datasets.module.css'

interface Props {
  imports: Import[]
  edits: boolean
}

/** The datasets that are read from outside: when, what came last, and reading them now. Nothing without any. */
export function Imports({ imports, edits }: Props) {
  if (imports.length === 0) return null
  return <Section title="From outside"><ImportList imports={imports} edits={edits} /></Section>
}

/** The same without a title, on the page of a dataset. */
export function ImportList({ imports, edits }: Props) {
  const queries = useQueryClient()
  const [ending, setEnding] = useState<Import | null>(null)
  const fresh = () => queries.invalidateQueries({ queryKey: importsKey(imports[0]?.workspace) })
  const refresh = useMutation({ mutationFn: refreshImport, onSettled: fresh })
  return (
    <>
      {refresh.error && <Failure error={asApiError(refresh.error)} />}
      <div className={`${list.scroller} ${classes.imports}`}>
        <table className={list.list}>
          <thead><tr><th scope="col">Dataset</th><th scope="col" data-wide>Source</th><th scope="col" data-wide>Refresh</th><th scope="col">Last</th><td /></tr></thead>
          <tbody>{imports.map((one) => <Row key={one.id} one={one} edits={edits} onRefresh={() => refresh.mutate(one.id)} onEnd={() => setEnding(one)} />)}</tbody>
        </table>
      </div>
      {ending && (
        <ConfirmAction onClose={() => setEnding(null)} title={`End the import of “${ending.title}”?`} action="End import" act={() => deleteImport(ending.id)} onTried={fresh}>
          It is not refreshed any more, and its schedule goes. The dataset keeps its versions. Its pipeline stays.
        </ConfirmAction>
      )}
    </>
  )
}

interface RowProps {
  one: Import
  edits: boolean
  onRefresh: () => void
  onEnd: () => void
}

function Row({ one, edits, onRefresh, onEnd }: RowProps) {
  const { mark, words } = importState(one)
  const [last] = one.refreshes
  const run = one.running ?? last?.run
  return (
    <tr>
      <td data-name>{one.dataset ? <Link href={`/datasets/${one.dataset}`}>{one.title}</Link> : one.title}</td>
      <td data-wide className={list.wrapped}>{one.source}</td>
      <td data-wide className={list.wrapped}>{one.when === '' ? 'By hand' : one.is_paused ? `Paused. ${one.when}` : one.when}{one.next_at && !one.is_paused && <div className={list.soft}>Next {here(one.next_at)}</div>}</td>
      <td className={list.wrapped}>
        <span className={classes.state} role="status"><StateMark state={mark} /><span>{words} {last && !one.running && <span className={list.soft}><Timestamp at={last.at} /></span>}</span></span>
      </td>
      <td data-actions>
        {edits && <Button data-wide size="compact-xs" variant="subtle" color="gray" data-once disabled={one.running !== null} onClick={onRefresh} aria-label={`Refresh ${one.title} now`}>Refresh now</Button>}
        <Menu position="bottom-end">
          <Menu.Target><Button size="compact-xs" variant="subtle" color="gray" aria-label={`More about the import of ${one.title}`}><IconDots size={16} /></Button></Menu.Target>
          <Menu.Dropdown>
            {edits && <Menu.Item disabled={one.running !== null} onClick={onRefresh}>Refresh now</Menu.Item>}
            {run && <Menu.Item component={Link} href={`/runs/${run}`}>Last run</Menu.Item>}
            <Menu.Item component={Link} href={`/pipelines/${one.pipeline}`}>{edits ? 'Change what is read (pipeline)' : 'Pipeline'}</Menu.Item>
            <Menu.Item component={Link} href="/schedules">{edits ? 'Change when (Schedules)' : 'Schedules'}</Menu.Item>
            {edits && <Menu.Item color="red" onClick={onEnd}>End import</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      </td>
    </tr>
  )
}
