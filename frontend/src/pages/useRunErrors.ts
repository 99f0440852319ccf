/** A run that did not start says why. */
import { notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { useRun } from '../state/run'

export function useRunErrors() {
  const error = useRun((state) => state.error)
  useEffect(() => {
    if (error) notifications.show({ message: [error.words, error.remedy].filter(Boolean).join(' '), color: 'red' })
  }, [error])
}
