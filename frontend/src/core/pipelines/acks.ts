/** Counts sent edits against the server's acks. */
export class Acks {
  private count = 0
  private stored = 0
  /** Acked messages that were not counted here (the client's part of the sync handshake). */
  private extra = 0

  sent() {
    this.count += 1
  }

  acknowledged(stored: number) {
    this.stored = Math.max(this.stored, stored)
    this.extra = Math.max(this.extra, this.stored - this.count)
  }

  get settled() {
    return this.stored - this.extra >= this.count
  }
}
