package com.esperr.gateway.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals of the operating system, in place of what the virtual machine would do. The JDK has a class for them in the module jdk.unsupported,
 * which compilers warn of and every JDK has; hence by reflection. Stateless; what is done runs on a thread of its own for each signal.
 */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /** Does {@code action} whenever the signal of this name, such as {@code HUP}, comes; false if this system or JDK has no such thing. */
    static boolean handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object doing = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                            return null;
                        }
                        // What every object can be asked; nobody compares handlers.
                        return method.getName().equals("equals")
                                ? (Object) (arguments != null && proxy == arguments[0])
                                : method.getName().equals("hashCode") ? (Object) name.hashCode() : name;
                    });
            var unused = signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), doing);
            return true;
        } catch (ReflectiveOperationException | LinkageError impossible) {
            Throwable why = impossible instanceof InvocationTargetException wrapped && wrapped.getCause() != null
                    ? wrapped.getCause()
                    : impossible;
            LOG.debug("SIG{} is left to the virtual machine: {}", name, why.toString());
            return false;
        }
    }
}
