package dev.hubbub.browser;

import com.microsoft.playwright.Page;
import java.util.Map;

/** What a blank page does with the client. */
final class Script {
    private Script() {}

    /** Runs the body of an async function that has {@code connect}, {@code room}, {@code open(options)} and others. */
    static Map<?, ?> run(Page page, String room, String body, Object argument) {
        return (Map<?, ?>) page.evaluate("""
                async ([room, argument]) => {
                  const { connect, HubbubError } = await import('/client/hubbub.js');
                  const open = (options) => connect('/ws', { anon: false, WebSocket: tap.Socket, random: () => 0.02, ...options });
                  const failure = (promise) => promise.then(() => 'none', ({ code }) => code);
                  const hear = (it) => {
                    const heard = [];
                    it.on('message', ({ payload }) => heard.push(payload));
                    return heard;
                  };
                  const until = (holds) => new Promise((done) => {
                    const look = () => (holds() ? done() : setTimeout(look, 5));
                    look();
                  });
                  const late = new Promise((_, fail) => setTimeout(() => fail(new Error('not done in time')), 40_000));
                  return Promise.race([late, (async () => {
                """ + body + "})()]); }", new Object[] {room, argument});
    }
}
