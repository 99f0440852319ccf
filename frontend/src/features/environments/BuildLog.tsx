import { Group, Modal, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { BUILD_WORDS, isBuilding, type BuildState, type Environment } from '../../core/team/environments'
import { asApiError, getBuildLog, type ApiError } from '../../server/rest'
import { environmentsKey } from '../../state/environments'
import { Failure } from '../../ui/Failure'
import { useReturnFocus } from '../../ui/useReturnFocus'
import classes from './environments.module.css'

const AGAIN_AFTER = 700

interface Read {
  text: string
  state: BuildState
  error: ApiError | null
}

/** The log so far, then new lines, until the build is over. */
function useLog({ id, state, workspace }: Environment): Read {
  const queries = useQueryClient()
  const [read, setRead] = useState<Read>({ text: '', state, error: null })
  useEffect(() => {
    const stop = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async (after: number) => {
      try {
        const { text, next, state: now } = await getBuildLog(id, after, stop.signal)
        setRead((before) => ({ text: before.text + text, state: now, error: null }))
        if (isBuilding(now)) timer = setTimeout(() => void ask(next), AGAIN_AFTER)
        else void queries.invalidateQueries({ queryKey: environmentsKey(workspace) })
      } catch (reason) {
        if (!stop.signal.aborted) setRead((before) => ({ ...before, error: asApiError(reason) }))
      }
    }
    void ask(0)
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [id, workspace, queries])
  return read
}

export function BuildLog({ environment, onClose }: { environment: Environment; onClose: () => void }) {
  useReturnFocus()
  const { text, state, error } = useLog(environment)
  const box = useRef<HTMLPreElement>(null)
  useEffect(() => {
    void box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [text])
  return (
    <Modal opened onClose={onClose} title={`Build of ${environment.name}`} size="xl" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Group gap="xs" mb="xs"><Text size="sm" role="status">{BUILD_WORDS[state]}</Text>{isBuilding(state) && <Text size="sm" c="dimmed">You can close this. The build continues.</Text>}</Group>
      {error && <Failure error={error} />}
      <pre ref={box} className={classes.log} role="log" aria-label="Build log" tabIndex={0}>{text || 'No output yet.'}</pre>
    </Modal>
  )
}
