import type { FromTensors, ToTensors } from "#protocol/dashboard/tensors.ts";

/** Asks the host, one question of a channel at a time; of those that come meanwhile only the newest is asked. */
export interface Asker {
  readonly ask: (channel: string, question: Question) => void;
  readonly receive: (answer: ToTensors) => void;
  /** Another run: what was asked before is not waited for. */
  readonly reset: () => void;
}

export interface Question {
  readonly request: (id: number) => FromTensors;
  readonly receive: (answer: ToTensors) => void;
}

interface Asked {
  readonly channel: string;
  readonly receive: Question["receive"];
}

/** The answers to several askers come on one wire. */
let lastId = 0;

export function createAsker(post: (request: FromTensors) => void): Asker {
  const asked = new Map<number, Asked>();
  const waiting = new Map<string, Question>();
  return {
    ask(channel, question) {
      if ([...asked.values()].some((one) => one.channel === channel)) {
        waiting.set(channel, question);
      } else {
        send(channel, question);
      }
    },
    receive(answer) {
      const one = asked.get(answer.id);
      asked.delete(answer.id);
      if (one !== undefined) {
        const next = waiting.get(one.channel);
        waiting.delete(one.channel);
        if (next !== undefined) {
          send(one.channel, next);
        }
        one.receive(answer);
      }
    },
    reset() {
      asked.clear();
      waiting.clear();
    },
  };

  function send(channel: string, { request, receive }: Question): void {
    lastId += 1;
    asked.set(lastId, { channel, receive });
    post(request(lastId));
  }
}
