/** Lets one task at a time through, and tells it when what it works for has been given up. */
export class OneAtATime {
  private isBusy = false;
  private generation = 0;

  /** What is under way counts no more. @returns whether the caller's own errand still counts */
  giveUp(): () => boolean {
    this.generation += 1;
    return this.currency();
  }

  /** @returns 0 at once while another task is under way */
  async run(task: (isCurrent: () => boolean) => Promise<number>): Promise<number> {
    if (this.isBusy) return 0;
    this.isBusy = true;
    try {
      return await task(this.currency());
    } finally {
      this.isBusy = false;
    }
  }

  private currency(): () => boolean {
    const { generation } = this;
    return () => generation === this.generation;
  }
}
