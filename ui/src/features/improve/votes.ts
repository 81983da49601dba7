import type { Idea } from "../../bindings/Idea";

/** An idea that was voted on. */
export type Voted = Idea & { votes: number };

export const isVoted = (idea: Idea): idea is Voted => idea.votes !== null;

/** The ideas in the order of their votes, with the rank that those of as many votes share. */
export function ranked(ideas: readonly Idea[]): { idea: Voted; rank: number }[] {
  const voted = ideas.filter(isVoted).sort((a, b) => b.votes - a.votes || a.position - b.position);
  return voted.map((idea) => ({ idea, rank: voted.filter(({ votes }) => votes > idea.votes).length + 1 }));
}
