package dev.byol.examples;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Hears signals of the operating system, without ending. Only {@code sun.misc.Signal} can, of the module {@code jdk.unsupported}; it is used
 * by reflection, since the compiler warns of it in a way that cannot be switched off.
 */
final class Signals {
    private Signals() {}

    /**
     * Calls something each time that a signal comes.
     *
     * @param name such as {@code TERM}
     * @param heard on a thread of its own
     * @return what brings back the reaction of before
     * @throws IllegalStateException if the JVM leaves this signal to others, as with {@code -Xrs}
     */
    static Runnable hear(String name, Runnable heard) {
        try {
            Class<?> signals = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            Method handle = signals.getMethod("handle", signals, handlers);
            Object signal = signals.getConstructor(String.class).newInstance(name);
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlers}, (proxy, method, arguments) -> {
                        heard.run();
                        return null;
                    });
            Object before = handle.invoke(null, signal, handler);
            return () -> call(handle, signal, before);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIG" + name + " cannot be heard: " + cause(e), e);
        }
    }

    private static void call(Method handle, Object signal, Object handler) {
        try {
            handle.invoke(null, signal, handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Throwable cause(ReflectiveOperationException e) {
        return e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
    }
}
