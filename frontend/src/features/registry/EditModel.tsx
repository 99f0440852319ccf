import { Button, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { modelNameProblem, type RegisteredModel } from '../../core/data/models'
import { asApiError, changeModel } from '../../server/rest'
import { Dialog } from '../../ui/Dialog'

/** Changes the name and the description. */
export function EditModel({ model, onClose }: { model: RegisteredModel; onClose: () => void }) {
  const queries = useQueryClient()
  const [name, setName] = useState(model.name)
  const [description, setDescription] = useState(model.description)
  const saving = useMutation({
    mutationFn: () => changeModel(model.id, { name, description }),
    onSuccess: async (changed) => {
      queries.setQueryData(['model', model.id], changed)
      onClose()
      await queries.invalidateQueries({ queryKey: ['models'] })
    },
  })
  const trouble = modelNameProblem(name)
  const ready = name !== '' && trouble === null
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={saving.isPending} disabled={!ready}>Save</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title={`Edit “${model.name}”`} error={saving.error && asApiError(saving.error)} onSubmit={() => ready && saving.mutate()} buttons={buttons}>
      <TextInput label="Name" data-autofocus value={name} error={trouble} description={name === model.name ? undefined : `Pipelines that use “${model.name}” still find the model.`} onChange={(event) => setName(event.currentTarget.value)} />
      <Textarea label="Description" autosize minRows={2} maxRows={8} maxLength={2000} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
    </Dialog>
  )
}
