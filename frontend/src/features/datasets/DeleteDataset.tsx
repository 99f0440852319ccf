import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { titleOf, type Dataset } from '../../core/data/datasets'
import { asApiError, deleteDataset } from '../../server/rest'
import { Confirm } from '../../ui/Confirm'

interface Props {
  dataset: Dataset
  opened: boolean
  onClose: () => void
}

export function DeleteDataset({ dataset, opened, onClose }: Props) {
  const [, go] = useLocation()
  const queries = useQueryClient()
  const deleting = useMutation({
    mutationFn: () => deleteDataset(dataset.id),
    onSuccess: async () => {
      go('/datasets')
      await queries.invalidateQueries({ queryKey: ['datasets'] })
    },
  })
  return (
    <Confirm
      opened={opened} onClose={onClose} title={`Delete “${titleOf(dataset)}”?`} action="Delete dataset"
      onConfirm={() => deleting.mutate()} busy={deleting.isPending} error={deleting.error && asApiError(deleting.error)}
    >
      All its versions are deleted. Pipelines that use it will report a missing dataset. Past runs keep their results. If it is imported from outside, that ends too.
    </Confirm>
  )
}
