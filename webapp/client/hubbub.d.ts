/**
 * Hubbub's client. It speaks `hubbub.v1` (docs/protocol.md) over WebSocket, and over SSE with HTTP where a WebSocket
 * cannot be had; the API is the same.
 *
 * ```js
 * import { connect } from '/client/hubbub.js';
 *
 * const client = connect();
 * const room = await client.join('chat:lobby');
 * room.on('message', ({ payload, from }) => console.log(from.user, payload));
 * await room.publish({ text: 'hi' });
 * ```
 *
 * **What it promises.** A joined room's `message` events come in `seq` order, each once, also across reconnects. Where
 * that cannot be kept the room says so with `reset` or `skipped`; nothing is lost in silence. A publish that is kept
 * carries a `key`, so that repeating it after a lost connection publishes it once.
 *
 * **Listen before you wait for anything else.** Messages may follow a join's answer at once. Add listeners right after
 * `await client.join(…)`, or before it on `client.room(name)`.
 */

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A position in a room's log. A new epoch means that the numbering began again. */
export interface Place {
  readonly epoch: string;
  /** The number of the last message seen; the next one is `seq + 1`. */
  readonly seq: number;
}

/** gRPC's names. `UNAVAILABLE`: it was not done. `DEADLINE_EXCEEDED`: nobody knows. */
export type ErrorCode =
  | 'INVALID_ARGUMENT'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'FAILED_PRECONDITION'
  | 'OUT_OF_RANGE'
  | 'RESOURCE_EXHAUSTED'
  | 'UNIMPLEMENTED'
  | 'UNAVAILABLE'
  | 'DEADLINE_EXCEEDED'
  | 'INTERNAL';

/** What a refused or unanswered request rejects with. */
export class HubbubError extends Error {
  constructor(code: ErrorCode, message: string, retryAfterMs?: number, status?: number);
  readonly name: 'HubbubError';
  readonly code: ErrorCode;
  /** When the server says how long to wait before trying again. */
  readonly retryAfterMs?: number;
  /** The HTTP status behind it, where there is one; 0 when HTTP got no answer. */
  readonly status?: number;
}

/**
 * Where a client is:
 *
 * | state | means | leaves by |
 * |---|---|---|
 * | `connecting` | an attempt is under way, up to the server's `session.opened` | itself |
 * | `open` | connected; rooms are joined, or being joined again | itself |
 * | `waiting` | the back-off, or the time that the server told, is running | itself; at once when the page becomes visible or the browser comes online, unless the server told the time |
 * | `offline` | as `waiting`, while the browser says that it has no network; tries every 30 s all the same, for browsers err | itself; at once when the browser comes online |
 * | `paused` | the page went away (it may return from the back/forward cache), or `pause()` was called | `resume()`, or the page's return |
 * | `closed` | for good: `close()`, a close code that stays closed, or refused credentials | `reconnect()` only |
 */
export type State = 'connecting' | 'open' | 'waiting' | 'offline' | 'paused' | 'closed';

export interface StateEvent {
  readonly state: State;
  /** The close code that led here, of the protocol's table; 1006 where the connection just went. */
  readonly code?: number;
  readonly reason?: string;
  /** In `waiting` and `offline`: until the next attempt. */
  readonly retryInMs?: number;
}

export interface TokenRequest {
  /** The last token was refused or has expired: get a new one, do not answer from a cache. */
  readonly renew: boolean;
}

export interface ConnectOptions {
  /** The server's `/ws`, absolute or relative to the page. `/events` and `/api/v1` are taken to lie beside it. [`/ws`] */
  url?: string | URL;
  /**
   * A token, or what gets one. It goes into `Authorization` of HTTP requests only, one of which buys the one-time
   * ticket that the connection's URL carries. A callback is asked again with `renew: true` when a token was refused or
   * expired, and ahead of its expiry on an open connection.
   */
  token?: string | ((request: TokenRequest) => string | Promise<string>);
  /**
   * `auto` takes SSE after two WebSocket attempts in a row failed before opening while HTTP worked, and stays with it
   * until the network changes. [`auto`]
   */
  transport?: 'auto' | 'ws' | 'sse';
  /** How long a request may take, connecting included. [5000] */
  timeoutMs?: number;
  /** Where `false`, an anonymous user's id lives and dies with this client, instead of in `localStorage`. [true] */
  anon?: boolean;
  /** For tests. */
  WebSocket?: typeof WebSocket;
  /** For tests, and where the platform has none. */
  EventSource?: typeof EventSource;
  /** For tests. */
  fetch?: typeof fetch;
  /** From 0 to 1; spreads the back-off. [`Math.random`] */
  random?: () => number;
}

export interface JoinOptions {
  /** Begin after this place: what was missed comes first. Wins over `replay`. */
  since?: Place;
  /** Begin with the last `replay` messages. */
  replay?: number;
  /**
   * `full`: is listed and hears who is; `listen`: hears only; `off`: neither. Over SSE one stream has one presence, the
   * fullest that any of its rooms asked for. [`full`]
   */
  presence?: 'full' | 'listen' | 'off';
  /** The user's status in the room, at most 1 KiB; told again on each rejoin. Not sent over SSE. */
  status?: { [name: string]: Json };
}

export interface PublishOptions {
  /** What kind of message it is, for the receivers. */
  event?: string;
  /** The idempotency key, remembered for 5 minutes. [a random one; none where `ephemeral`] */
  key?: string;
  /** What the message is a newer value of. */
  conflate?: string;
  /** Not kept, and not repeated after a lost connection. Rejected with `UNAVAILABLE` at once while there is none. */
  ephemeral?: boolean;
  /** `false`: this connection is not sent its own message. SSE sends it all the same. */
  echo?: boolean;
  /** At most 1 KiB, carried through unread. */
  meta?: { [name: string]: Json };
}

/** What the log knows of a publish. */
export interface Published {
  readonly room: string;
  readonly epoch: string;
  /** Missing where `ephemeral`. */
  readonly seq?: number;
  /** Server time in ms since the epoch. */
  readonly ts: number;
}

export interface Message<Payload = any> {
  readonly room: string;
  readonly epoch: string;
  /** Missing where ephemeral. */
  readonly seq?: number;
  readonly event?: string;
  readonly conflate?: string;
  readonly payload: Payload;
  readonly from: { readonly user: string; readonly conn: string; readonly name?: string };
  readonly ts: number;
  readonly meta?: { [name: string]: Json };
}

export interface Member {
  readonly user: string;
  readonly name?: string;
  readonly status: { [name: string]: Json };
  /** When the user came, in ms since the epoch. */
  readonly since: number;
  /** How many connections the user has in the room. */
  readonly conns: number;
  /** Of one who left. */
  readonly lastSeen?: number;
}

/** What a join, or a rejoin after a reconnect, was answered. */
export interface Joined extends Place {
  readonly room: string;
  /** Whether all that was missed follows; present where the join gave a place. If `false`, `reset` follows. */
  readonly recovered?: boolean;
  /** How many messages follow before the live ones. */
  readonly replayed: number;
  readonly rev?: number;
  readonly count?: number;
  /** The first page of the members; `members()` has all. */
  readonly members?: readonly Member[];
}

export type PresenceEvent = { readonly room: string; readonly rev: number; readonly count: number } & (
  | { readonly change: 'joined' | 'left' | 'updated'; readonly member: Member }
  | {
      /** Many changes in one, in big rooms or for a slow connection. */
      readonly change: 'changed';
      readonly fromRev: number;
      readonly joined: readonly Member[];
      readonly left: readonly { readonly user: string }[];
      readonly updated: readonly Member[];
    }
  | {
      /** Changes were lost: ask `members()` when you need the list. */
      readonly change: 'reset';
    }
);

export interface RoomEvents {
  /** A message that the room keeps, in order, once. */
  message: Message;
  /** One that it does not keep: typing, cursors. */
  ephemeral: Message;
  /** Joined, or joined again after a reconnect: take `members` for what you know. */
  joined: Joined;
  presence: PresenceEvent;
  /** What was missed cannot be replayed: reload the app's state. Messages go on after `seq`. */
  reset: Place & { readonly room: string; readonly reason: 'trimmed' | 'epoch' | 'ahead' | 'cursor' };
  /** Left out for this slow connection, by the room's policy. */
  skipped: { readonly room: string; readonly epoch: string; readonly from: number; readonly to: number };
  /** The server took the room away, or refused to join it again. The object is done with. */
  removed: { readonly room: string; readonly reason: string };
}

export interface HistoryQuery {
  /** Begin after this place … */
  since?: Place;
  /** … or give the page before this one; without either, the newest messages. */
  before?: Place;
  /** At most 1000. [50] */
  limit?: number;
}

export interface Room {
  readonly name: string;
  /** Of the last message seen. Keep it to continue from there later, with `join(name, { since })`. */
  readonly place?: Place;
  /** How many users are in the room, as last told. */
  readonly count?: number;
  /** How many presence changes there were, as last told. */
  readonly rev?: number;
  /** The last join's answer. */
  readonly info?: Joined;
  /** Returns what ends the listening. A listener that throws is reported, and harms no other. */
  on<E extends keyof RoomEvents>(event: E, listener: (event: RoomEvents[E]) => void): () => void;
  publish(payload: Json, options?: PublishOptions): Promise<Published>;
  /** Messages in `seq` order. Leaving the loop early cancels the rest. */
  history(query?: HistoryQuery): AsyncGenerator<Message, void, void>;
  /** All members, ordered by user, fetched page by page. */
  members(query?: { limit?: number }): AsyncGenerator<Member, void, void>;
  /** Sets the user's status in the room, now and on each rejoin. `UNIMPLEMENTED` over SSE. */
  update(status: { [name: string]: Json }): Promise<void>;
  /** After its promise nothing of the room follows, and the object is done with. */
  leave(): Promise<void>;
}

export interface ClientEvents {
  state: StateEvent;
  /** Milliseconds there and back, at each pong. WebSocket only. */
  rtt: number;
  /** A room that the server joined by itself (a permanent room). */
  room: Room;
  /** An error that belongs to no request. */
  error: HubbubError;
  /** Each envelope as it came, ahead of all else: for logs and for types that this client does not know. */
  frame: { readonly type: string; readonly id?: string; readonly ts?: number; readonly data?: any; readonly meta?: any };
}

export interface Session {
  readonly conn: string;
  readonly user: string;
  readonly name?: string;
  readonly node: string;
  readonly protocol: string;
  readonly pingMs: number;
  readonly limits: {
    readonly messageBytes: number;
    readonly rooms: number;
    readonly publishPerSecond: number;
    readonly publishBurst: number;
  };
  readonly userRoom?: Place & { readonly room: string };
  readonly anon?: string;
  readonly expiresAt?: number;
}

export interface Client {
  readonly state: State;
  /** The user's id, once open. Over SSE known from the first joined room on. */
  readonly user?: string;
  /** The connection's id; a new one after each reconnect. */
  readonly conn?: string;
  /** Milliseconds there and back, as last measured. WebSocket only. */
  readonly rtt?: number;
  /** What `session.opened` said. */
  readonly session?: Session;
  /** The one in use or being tried. */
  readonly transport: 'ws' | 'sse';
  /** Returns what ends the listening. */
  on<E extends keyof ClientEvents>(event: E, listener: (event: ClientEvents[E]) => void): () => void;
  /** The room's object, joined or not: for listening before the join. */
  room(name: string): Room;
  /**
   * Joins, and joins again after each reconnect from the last place seen. Joining once more changes presence and status,
   * or rewinds. The user's own room `user:<id>` is heard from the connection's start on. Where the first join fails, its
   * listeners stay for the next one. Where a later one does, the room goes on as it was. A join is answered, or rejected with
   * `UNAVAILABLE` where the room was left meanwhile. Of several that meet, each with its own place, the latest is read from.
   */
  join(room: string, options?: JoinOptions): Promise<Room>;
  /** Needs permission, not membership. While there is no connection it waits for one, up to the time-out. */
  publish(room: string, payload: Json, options?: PublishOptions): Promise<Published>;
  /** Any request of the protocol; resolves to its reply's `data`. Fails with `UNAVAILABLE` if the connection drops. */
  request(type: string, data?: { [name: string]: any }): Promise<any>;
  /** Drops the connection, if there is one, and connects now: whatever the state. */
  reconnect(): void;
  /** Drops the connection until `resume()`. Presence treats it as a lost connection, with its grace period. */
  pause(): void;
  resume(): void;
  /** For good: at once out of all rooms, and every open request fails. */
  close(): void;
}

/** Starts to connect, and returns at once. */
export function connect(url?: string | URL, options?: Omit<ConnectOptions, 'url'>): Client;
export function connect(options?: ConnectOptions): Client;
