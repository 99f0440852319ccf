import { Tooltip } from '@mantine/core'
import { useInterval } from '@mantine/hooks'
import { useState } from 'react'
import { ago, exactly } from '../core/base/numbers'

const AGE_TICK = 30_000

/** A time as a self-updating age, with the exact time on hover. */
export function Timestamp({ at }: { at: string }) {
  const [now, setNow] = useState(() => Date.now())
  useInterval(() => setNow(Date.now()), AGE_TICK, { autoInvoke: true })
  return (
    <Tooltip label={exactly(at)} withArrow>
      <time dateTime={at}>{ago(at, now)}</time>
    </Tooltip>
  )
}
