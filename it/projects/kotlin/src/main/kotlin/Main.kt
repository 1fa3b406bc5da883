package consumer

import io.github.jpopen.Command
import io.github.jpopen.Redirect

fun main(args: Array<String>) {
    Command.of("printf", "child of %s", *args).stdout(Redirect.PIPE).text().start().use { child ->
        println(child.communicate().stdout())
    }
}
