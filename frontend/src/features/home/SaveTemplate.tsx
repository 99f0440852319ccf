/** Saves a pipeline as a template of its workspace, or as the next version of one. */
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { asApiError, changeTemplate, createTemplate, type Pipeline } from '../../server/rest'
import { templatesQuery } from '../../state/pipelines'
import { Dialog } from '../../ui/Dialog'

const NEW = ''

export function SaveTemplate({ pipeline, onClose }: { pipeline: Pipeline; onClose: () => void }) {
  const client = useQueryClient()
  const { data: templates = [] } = useQuery(templatesQuery(pipeline.workspace))
  const [as, setAs] = useState(NEW)
  const [name, setName] = useState(pipeline.name)
  const [description, setDescription] = useState('')
  const saving = useMutation({
    mutationFn: () => (as === NEW ? createTemplate({ pipeline: pipeline.id, name: name.trim(), description }) : changeTemplate(as, { pipeline: pipeline.id, description })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['templates'] })
      onClose()
    },
  })
  const choose = (id: string) => {
    setAs(id)
    setDescription(templates.find((each) => each.id === id)?.description ?? '')
  }
  const lacks = as === NEW && name.trim() === ''
  const choices = [{ value: NEW, label: 'A new template' }, ...templates.map((each) => ({ value: each.id, label: `Version ${each.version + 1} of “${each.name}”` }))]
  const buttons = (
    <>
      <Button variant="default" onClick={onClose}>Cancel</Button>
      <Button type="submit" loading={saving.isPending} disabled={lacks}>Save template</Button>
    </>
  )
  return (
    <Dialog onClose={onClose} title={`Save “${pipeline.name}” as a template`} error={saving.error && asApiError(saving.error)} onSubmit={() => !lacks && saving.mutate()} buttons={buttons}>
      {templates.length > 0 && <NativeSelect label="Save as" description="Pipelines that were made from an earlier version stay as they are." data={choices} value={as} onChange={(event) => choose(event.currentTarget.value)} />}
      {as === NEW && <TextInput label="Name" maxLength={200} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={lacks && 'Enter a name.'} />}
      <Textarea label="Description" description="What it does, and what to change first." maxLength={4000} autosize minRows={3} maxRows={8} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
    </Dialog>
  )
}
