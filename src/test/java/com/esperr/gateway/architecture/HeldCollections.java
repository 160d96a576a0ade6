package com.esperr.gateway.architecture;

import com.github.benmanes.caffeine.cache.Cache;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.jctools.queues.MessagePassingQueue;

/**
 * The fields of classes that hold many things and can be given more of them. By bytecode: of the type of a collection, a map, a cache
 * or a semaphore, and set where something is made that takes more. Stateless.
 */
final class HeldCollections {
    private static final List<Class<?>> MANY =
            List.of(Collection.class, Map.class, Cache.class, MessagePassingQueue.class, Semaphore.class);
    private static final Set<String> MAKERS = Set.of(
            "newKeySet",
            "newSetFromMap",
            "synchronizedMap",
            "synchronizedList",
            "synchronizedSet",
            "synchronizedCollection",
            "build",
            "buildAsync");

    private HeldCollections() {}

    /** Their names, each behind that of its class without {@code root}. */
    static Set<String> of(JavaClasses classes, String root) {
        Set<String> found = new TreeSet<>();
        for (JavaClass each : classes) {
            for (JavaField field : each.getFields()) {
                if (isOfMany(field.getRawType()) && (isMutable(field.getRawType()) || isFilled(field))) {
                    found.add(each.getName().substring(root.length()) + '.' + field.getName());
                }
            }
        }
        return found;
    }

    private static boolean isOfMany(JavaClass type) {
        return MANY.stream().anyMatch(type::isAssignableTo);
    }

    /** Nothing of such a type is ever unchangeable. */
    private static boolean isMutable(JavaClass type) {
        return !type.isInterface() && !type.getName().startsWith("java.util.Collections")
                || type.isAssignableTo(MessagePassingQueue.class)
                || type.isAssignableTo(Cache.class);
    }

    /** Whether it is set where something of many is made. */
    private static boolean isFilled(JavaField field) {
        return field.getAccessesToSelf().stream()
                .filter(access -> access.getAccessType() == JavaFieldAccess.AccessType.SET)
                .map(JavaAccess::getOrigin)
                .anyMatch(HeldCollections::makesMany);
    }

    private static boolean makesMany(JavaCodeUnit code) {
        boolean made = code.getConstructorCallsFromSelf().stream()
                .map(call -> call.getTargetOwner())
                .anyMatch(HeldCollections::isOfMany);
        return made
                || code.getMethodCallsFromSelf().stream()
                        .map(JavaAccess::getTarget)
                        .anyMatch((AccessTarget.MethodCallTarget target) ->
                                MAKERS.contains(target.getName()) && isOfMany(target.getRawReturnType()));
    }
}
