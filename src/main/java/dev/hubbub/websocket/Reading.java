package dev.hubbub.websocket;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How connections are read; one for all of them.
 *
 * @param pace null where nothing is limited
 * @param line where whoever sends a lot is read on, behind others who do
 */
record Reading(@Nullable FramePace pace, Executor line) {}
