/** Counts sent edits against the server's acks. */
export class Acks {
  private count = 0
  private kept = 0
  /** Acked messages that were not counted here (the client's part of the sync handshake). */
  private extra = 0

  sent() {
    this.count += 1
  }

  heard(kept: number) {
    this.kept = Math.max(this.kept, kept)
    this.extra = Math.max(this.extra, this.kept - this.count)
  }

  get settled() {
    return this.kept - this.extra >= this.count
  }
}
