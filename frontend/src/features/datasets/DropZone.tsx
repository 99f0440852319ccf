import { type DragEvent, type ReactNode, useState } from 'react'
import classes from './datasets.module.css'

interface Props {
  words: string
  onFiles: (files: File[]) => void
  children: ReactNode
}

const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files')

/** A part of the page that accepts dropped files. */
export function DropZone({ words, onFiles, children }: Props) {
  const [over, setOver] = useState(false)
  return (
    <div
      className={classes.zone}
      onDragOver={(event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        onFiles([...event.dataTransfer.files])
      }}
    >
      {children}
      {over && <div className={classes.over}>{words}</div>}
    </div>
  )
}
