package io.tcplab.loadgen.inspect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Inspections that begin before the tests that look at them, some at a time: most of an inspection is waiting. */
final class Inspections<K, R> implements AutoCloseable {

    private final ExecutorService threads;
    private final Map<K, Future<R>> all = new LinkedHashMap<>();

    private Inspections(ExecutorService threads) {
        this.threads = threads;
    }

    interface Inspecting<K, R> {
        R inspect(K key) throws Exception;
    }

    static <K, R> Inspections<K, R> begin(int atATime, List<K> keys, Inspecting<K, R> inspecting) {
        Inspections<K, R> inspections = new Inspections<>(Executors.newFixedThreadPool(atATime));
        for (K key : keys) {
            Callable<R> inspection = () -> inspecting.inspect(key);
            Future<R> _ = inspections.all.put(key, inspections.threads.submit(inspection));
        }
        return inspections;
    }

    /** What came out of one; a test that it skips is skipped here. */
    R of(K key) throws Exception {
        try {
            return Objects.requireNonNull(all.get(key)).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException skipped) {
                throw skipped;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
