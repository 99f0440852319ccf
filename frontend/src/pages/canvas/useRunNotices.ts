/** Notifications about a started run: why none started, and what it left out. */
import { notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { counted } from '../../core/base/numbers'
import { leftOutOf } from '../../core/runs/runs'
import { useTitles } from '../../state/catalogue'
import { useRun } from '../../state/run'
import { useStarted } from '../../state/runDraft'

export function useRunNotices() {
  const error = useRun((state) => state.error)
  const titleOf = useTitles()
  useEffect(() => {
    // A refusal with problems is shown under Problems, which opens.
    if (error && error.problems.length === 0) notifications.show({ message: [error.words, error.remedy].filter(Boolean).join(' '), color: 'red' })
  }, [error])
  useEffect(() => useStarted.subscribe(({ run }) => {
    if (!run?.left_out.length) return
    const names = leftOutOf(run).map((node) => titleOf(run, node)).join(', ')
    notifications.show({ title: `Running without ${counted(run.left_out.length, 'unfinished module')}`, message: `${names}. See Problems for what is missing.`, color: 'gray' })
  }), [titleOf])
}
