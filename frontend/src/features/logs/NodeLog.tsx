import { Button } from '@mantine/core'
import { IconArrowDown } from '@tabler/icons-react'
import { memo, useLayoutEffect, useRef, useState } from 'react'
import { exactly } from '../../core/base/numbers'
import { isFinished, LOG_LIMIT, type LogLine } from '../../core/runs/runs'
import { useRun } from '../../state/run'
import { Empty } from '../../ui/Empty'
import { Courses } from './Courses'
import classes from './logs.module.css'

const NO_LINES: LogLine[] = []
/** Within this distance the log counts as scrolled to the end. */
const NEAR = 24

/** The live log of one node of the followed run. It follows the end until the user scrolls up. */
export function NodeLog({ node }: { node: string }) {
  const lines = useRun((state) => state.logs[node] ?? NO_LINES)
  const finished = useRun((state) => isFinished(state.run?.steps[node]?.state ?? 'waiting'))
  const box = useRef<HTMLDivElement>(null)
  const [following, setFollowing] = useState(true)

  useLayoutEffect(() => {
    if (following && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [following, lines])

  const onScroll = () => {
    const element = box.current
    if (element) setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR)
  }

  if (lines.length === 0) {
    return <Empty title={finished ? 'The log is empty' : 'No log yet'}>Output and warnings of this step appear here.</Empty>
  }
  return (
    <div className={classes.log}>
      <Courses lines={lines} />
      <div ref={box} className={classes.box} onScroll={onScroll} tabIndex={0} role="log" aria-label="Log">
        {lines.length === LOG_LIMIT && <p className={classes.note}>Only the last {LOG_LIMIT.toLocaleString('en')} lines are shown.</p>}
        {lines.map((line) => <Line key={line.seq} line={line} />)}
      </div>
      {!following && (
        <Button className={classes.follow} size="compact-xs" variant="default" leftSection={<IconArrowDown size={14} />} onClick={() => setFollowing(true)}>Scroll to end</Button>
      )}
    </div>
  )
}

const Line = memo(function Line({ line }: { line: LogLine }) {
  return (
    <div className={classes.line} data-level={line.level}>
      <time dateTime={line.at} title={exactly(line.at)}>{new Date(line.at).toLocaleTimeString('en-GB')}</time>
      {line.level !== 'info' && <strong>{line.level}</strong>}
      <span>{line.line}</span>
    </div>
  )
})
