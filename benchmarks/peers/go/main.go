// The rows that goroutines have too. Usage: bench ROW quick|full, or bench 13 tcp|tls, with GOMAXPROCS=1.
// Prints a line "row variant value unit" for each measurement. Row 13 is a server: see echo.go.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

var quick = len(os.Args) > 2 && os.Args[2] == "quick"

func report(row int, variant string, value float64, unit string) {
	fmt.Printf("%d %s %.6g %s\n", row, variant, value, unit)
}

// measure runs main once to warm up and then three times, once in a quick run, and reports nanoseconds a unit.
func measure(row int, variant string, units int, main func()) {
	turns := 4
	if quick {
		turns = 2
	}
	for turn := 0; turn < turns; turn++ {
		start := time.Now()
		main()
		if turn > 0 {
			report(row, variant, float64(time.Since(start).Nanoseconds())/float64(units), "ns")
		}
	}
}

//go:noinline
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

// A goroutine calls as any function does: there is no other kind.
func call() {
	measure(1, "-", 242785, func() { fib(25) })
}

func inGoroutines(count int, body func()) {
	var all sync.WaitGroup
	all.Add(count)
	for i := 0; i < count; i++ {
		go func() {
			body()
			all.Done()
		}()
	}
	all.Wait()
}

func switches() {
	rounds := 200000
	measure(3, "-", 2*rounds, func() {
		inGoroutines(2, func() {
			for i := 0; i < rounds; i++ {
				runtime.Gosched()
			}
		})
	})
}

func spawn() {
	count := 10000
	for _, yields := range []int{0, 1} {
		measure(5, fmt.Sprintf("switches=%d", yields), count, func() {
			inGoroutines(count, func() {
				for i := 0; i < yields; i++ {
					runtime.Gosched()
				}
			})
		})
	}
}

func node(result chan int, number, size int) {
	if size == 1 {
		result <- number
		return
	}
	part := size / 10
	parts := make(chan int)
	for i := 0; i < 10; i++ {
		go node(parts, number+i*part, part)
	}
	sum := 0
	for i := 0; i < 10; i++ {
		sum += <-parts
	}
	result <- sum
}

func skynet() {
	measure(7, "-", 1111111, func() {
		result := make(chan int)
		go node(result, 0, 1000000)
		<-result
	})
}

func ring() {
	count, hops := 1000, 1000000
	measure(8, "-", hops+count, func() {
		channels := make([]chan int, count)
		for i := range channels {
			channels[i] = make(chan int, 1)
		}
		var all sync.WaitGroup
		all.Add(count)
		for i := range channels {
			go func(own, following chan int) {
				for {
					left := <-own
					following <- left - 1
					if left <= 0 {
						all.Done()
						return
					}
				}
			}(channels[i], channels[(i+1)%count])
		}
		channels[0] <- hops
		all.Wait()
	})
}

func queues() {
	messages := 200000
	measure(9, "pingPong", 2*messages, func() {
		there, back := make(chan int, 1), make(chan int, 1)
		go func() {
			for i := 0; i < messages; i++ {
				back <- <-there
			}
		}()
		for i := 0; i < messages; i++ {
			there <- i
			<-back
		}
	})
	for _, capacity := range []int{1, 16, 100} {
		measure(9, fmt.Sprintf("queue,capacity=%d", capacity), messages, func() {
			elements := make(chan int, capacity)
			go func() {
				for i := 0; i < messages; i++ {
					elements <- i
				}
			}()
			for i := 0; i < messages; i++ {
				<-elements
			}
		})
	}
}

func gather() {
	for _, children := range []int{10, 1000} {
		for _, yields := range []int{0, 1} {
			times := 200000 / children
			measure(10, fmt.Sprintf("children=%d,switches=%d", children, yields), children*times, func() {
				for i := 0; i < times; i++ {
					inGoroutines(children, func() {
						for i := 0; i < yields; i++ {
							runtime.Gosched()
						}
					})
				}
			})
		}
	}
}

// inUse is what the heap and the stacks take.
func inUse() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapInuse + stats.StackInuse
}

func sleepers() {
	count := 1000000
	if quick {
		count = 100000
	}
	before := inUse()
	for i := 0; i < count; i++ {
		go time.Sleep(24 * time.Hour)
	}
	time.Sleep(time.Second)
	report(11, "1M,bytes", float64(inUse()-before)/float64(count), "B")
}

func main() {
	rows := map[string]func(){
		"1": call, "3": switches, "5": spawn, "7": skynet, "8": ring, "9": queues, "10": gather, "11": sleepers,
		"13": func() { echo(os.Args[2]) },
	}
	rows[os.Args[1]]()
}
