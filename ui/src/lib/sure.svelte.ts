import type { AppError } from "../bindings/AppError";

/** The code by which the app asks before much is removed. */
export const MANY = "removes-many";
/** The code of what a person then left as it was. */
export const LEFT = "left-as-it-was";

interface Question {
  error: AppError;
  answer: (yes: boolean) => void;
}

let asked = $state.raw<Question | null>(null);
let leaving = false;

/** The question that waits for an answer. */
export function question(): Question | null {
  return asked;
}

/** Puts the app's question to the person, one at a time: whoever asks again meanwhile takes the place of the first. */
export function isSure(error: AppError): Promise<boolean> {
  asked?.answer(false);
  if (leaving) return Promise.resolve(false);
  return new Promise((resolve) => {
    const mine: Question = {
      error,
      answer: (yes) => {
        if (asked === mine) asked = null;
        resolve(yes);
      },
    };
    asked = mine;
  });
}

/** While somebody leaves nobody answers: what is or would be asked stays as it was. */
export async function unasked<T>(work: () => Promise<T>): Promise<T> {
  leaving = true;
  asked?.answer(false);
  try {
    return await work();
  } finally {
    leaving = false;
  }
}
