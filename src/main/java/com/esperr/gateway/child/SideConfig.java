package com.esperr.gateway.child;

import com.esperr.gateway.config.Section;
import java.util.List;
import java.util.Locale;

/**
 * One of {@code exec.children}: a process beside the application, such as a worker. Immutable.
 *
 * @param name what it is called in the log
 * @param command the program and its arguments
 * @param restart when it is started again
 * @param essential whether everything ends when it has ended for good
 */
public record SideConfig(String name, List<String> command, RestartConfig restart, boolean essential) {
    /** The one that {@code --child NAME=COMMAND} describes, which a shell takes apart as it does lines of a Procfile. */
    public static SideConfig shell(String name, String command, RestartConfig restart) {
        return new SideConfig(name, List.of("/bin/sh", "-c", "exec " + command), restart, true);
    }

    static SideConfig read(String name, Section section, RestartConfig restart) {
        List<String> command = section.strings("command");
        if (command.isEmpty()) {
            section.problem("command", "missing", "a list: the program and its arguments");
        }
        RestartConfig.Policy policy = section.choiceOr("restart", restart.policy(), RestartConfig.Policy.class);
        return new SideConfig(
                name.toLowerCase(Locale.ROOT), command, restart.with(policy), section.flagOr("essential", true));
    }
}
