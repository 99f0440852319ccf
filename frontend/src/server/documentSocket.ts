/** The websocket of a document: Yjs in both directions, awareness, and a count of acked edits. */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as awarenessProtocol from 'y-protocols/awareness'
import * as syncProtocol from 'y-protocols/sync'
import * as Y from 'yjs'
import { Acks } from '../core/pipelines/acks'
import type { Problem } from '../core/base/problems'

const SYNC = 0
const AWARENESS = 1
const ACK = 100

const REFUSED = 4400
const SIGNED_OUT = 4401
const NOT_FOUND = 4404

export type SaveState = 'loading' | 'saved' | 'saving' | 'offline' | 'refused' | 'signed_out' | 'gone'

export interface Notice {
  run?: { id: string; state: string }
  error?: Pick<Problem, 'code' | 'words'>
}

interface Listeners {
  onState(state: SaveState): void
  onNotice(notice: Notice): void
}

const RETRY_FIRST = 500
const RETRY_MOST = 10_000
/** How long an edit may wait for its ack before the connection counts as dead. */
const PATIENCE = 15_000

export class DocumentSocket {
  readonly awareness: awarenessProtocol.Awareness
  private socket: WebSocket | null = null
  private acks = new Acks()
  private synced = false
  /** Edits that the server may lack: made offline, or without an ack when the connection broke. */
  private owing = false
  private attempts = 0
  /** The last close code, while the connection has not worked since. */
  private closedWith = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private patience: ReturnType<typeof setTimeout> | undefined
  private closed = false

  constructor(
    private readonly url: string,
    private readonly doc: Y.Doc,
    private readonly listeners: Listeners,
  ) {
    this.awareness = new awarenessProtocol.Awareness(doc)
    doc.on('update', this.onUpdate)
    this.awareness.on('update', this.onAwareness)
    window.addEventListener('online', this.connect)
    window.addEventListener('offline', this.drop)
    window.addEventListener('pagehide', this.leave)
    this.connect()
  }

  close() {
    this.closed = true
    clearTimeout(this.timer)
    clearTimeout(this.patience)
    this.leave()
    this.doc.off('update', this.onUpdate)
    window.removeEventListener('online', this.connect)
    window.removeEventListener('offline', this.drop)
    window.removeEventListener('pagehide', this.leave)
    this.awareness.destroy()
    this.socket?.close()
  }

  private readonly connect = () => {
    if (this.closed || this.socket) return
    clearTimeout(this.timer)
    const socket = new WebSocket(this.url)
    socket.binaryType = 'arraybuffer'
    this.socket = socket
    socket.onopen = () => this.onOpen()
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (typeof data === 'string') this.listeners.onNotice(JSON.parse(data) as Notice)
      else this.onMessage(new Uint8Array(data))
    }
    socket.onclose = ({ code }) => this.onClose(code)
  }

  /** Drops a connection that is dead, or seems so: a new one is tried at once, then with growing delays. */
  private readonly drop = () => {
    const { socket } = this
    if (!socket) return
    socket.onclose = null
    socket.onmessage = null
    socket.close()
    this.onClose(0)
  }

  private onOpen() {
    this.acks = new Acks()
    this.sendSync((encoder) => syncProtocol.writeSyncStep1(encoder, this.doc))
    if (this.awareness.getLocalState()) this.sendAwareness([this.doc.clientID])
  }

  private onClose(code: number) {
    this.socket = null
    if (this.synced && !this.acks.settled) this.owing = true
    this.synced = false
    clearTimeout(this.patience)
    this.forgetOthers()
    if (this.closed) return
    const again = code === this.closedWith
    this.closedWith = code
    // One retry: after a password change this browser has a new session, and an edit may be refused because of an earlier one.
    if (code === SIGNED_OUT && again) return this.listeners.onState('signed_out')
    if (code === REFUSED && again) return this.listeners.onState('refused')
    if (code === NOT_FOUND) return this.listeners.onState('gone')
    this.listeners.onState('offline')
    const wait = Math.min(RETRY_MOST, RETRY_FIRST * 2 ** this.attempts)
    this.attempts += 1
    this.timer = setTimeout(this.connect, wait * (0.75 + Math.random() / 2))
  }

  private onMessage(bytes: Uint8Array) {
    const decoder = decoding.createDecoder(bytes)
    const kind = decoding.readVarUint(decoder)
    if (kind === SYNC) this.onSync(decoder)
    else if (kind === AWARENESS) {
      awarenessProtocol.applyAwarenessUpdate(this.awareness, decoding.readVarUint8Array(decoder), this)
    } else if (kind === ACK) {
      this.acks.acknowledged(decoding.readVarUint(decoder))
      this.tellState()
    }
  }

  private onSync(decoder: decoding.Decoder) {
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, SYNC)
    const step = syncProtocol.readSyncMessage(decoder, encoder, this.doc, this)
    if (encoding.length(encoder) > 1) this.socket?.send(encoding.toUint8Array(encoder))
    if (step !== syncProtocol.messageYjsSyncStep2) return
    this.synced = true
    this.attempts = 0 // not on open: a server that cannot serve a window accepts the connection to send a close code
    if (this.owing) {
      this.owing = false
      this.sendUpdate(Y.encodeStateAsUpdate(this.doc))
    }
    this.tellState()
  }

  private readonly onUpdate = (update: Uint8Array, origin: unknown) => {
    if (origin === this) return
    if (this.synced) this.sendUpdate(update)
    else this.owing = true
    this.tellState()
  }

  private readonly onAwareness = (changed: { added: number[]; updated: number[]; removed: number[] }, origin: unknown) => {
    if (origin !== this) this.sendAwareness([...changed.added, ...changed.updated, ...changed.removed])
  }

  private sendUpdate(update: Uint8Array) {
    this.acks.sent()
    this.sendSync((encoder) => syncProtocol.writeUpdate(encoder, update))
  }

  private sendSync(write: (encoder: encoding.Encoder) => void) {
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, SYNC)
    write(encoder)
    this.send(encoder)
  }

  private sendAwareness(clients: number[]) {
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, AWARENESS)
    encoding.writeVarUint8Array(encoder, awarenessProtocol.encodeAwarenessUpdate(this.awareness, clients))
    this.send(encoder)
  }

  private send(encoder: encoding.Encoder) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(encoding.toUint8Array(encoder))
  }

  private readonly leave = () => awarenessProtocol.removeAwarenessStates(this.awareness, [this.doc.clientID], 'leaving')

  private forgetOthers() {
    const others = [...this.awareness.getStates().keys()].filter((client) => client !== this.doc.clientID)
    awarenessProtocol.removeAwarenessStates(this.awareness, others, this)
  }

  private tellState() {
    if (!this.synced) return
    const { settled } = this.acks
    if (settled) this.closedWith = 0
    clearTimeout(this.patience)
    if (!settled) this.patience = setTimeout(this.drop, PATIENCE)
    this.listeners.onState(settled ? 'saved' : 'saving')
  }
}
