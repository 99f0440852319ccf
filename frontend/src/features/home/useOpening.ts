import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { asApiError, type Pipeline } from '../../server/rest'

/** Creates a pipeline and opens it. */
export function useOpening<Asked>(make: (asked: Asked) => Promise<Pipeline>) {
  const [, navigate] = useLocation()
  const client = useQueryClient()
  return useMutation({
    mutationFn: make,
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['pipelines'] })
      navigate(`/pipelines/${id}`)
    },
    onError: (reason) => {
      const { words, remedy } = asApiError(reason)
      notifications.show({ message: [words, remedy].filter(Boolean).join(' '), color: 'red' })
    },
  })
}
