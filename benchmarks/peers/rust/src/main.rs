//! The rows that tokio has too, on its `current_thread` runtime. Usage: bench ROW quick|full
//! Prints a line "row variant value unit" for each measurement.

use std::alloc::{GlobalAlloc, Layout, System};
use std::future::Future;
use std::hint::black_box;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::{spawn_local, yield_now, JoinHandle, LocalSet};

/// Counts the bytes that are allocated and not yet freed.
struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);

unsafe impl GlobalAlloc for Counting {
    // SAFETY: the system's allocator does the work, with the same arguments.
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Ordering::Relaxed);
        System.alloc(layout)
    }

    // SAFETY: as above.
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        System.dealloc(pointer, layout)
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn quick() -> bool {
    std::env::args().nth(2).as_deref() == Some("quick")
}

fn report(row: u32, variant: &str, value: f64, unit: &str) {
    println!("{row} {variant} {value:.3} {unit}");
}

fn run<F: Future>(main: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    LocalSet::new().block_on(&runtime, main)
}

/// Runs `main` once to warm up and then three times, once in a quick run, and reports nanoseconds a unit.
fn measure<F: Future>(row: u32, variant: &str, units: usize, main: impl Fn() -> F) {
    for turn in 0..if quick() { 2 } else { 4 } {
        let start = Instant::now();
        run(main());
        if turn > 0 {
            report(row, variant, start.elapsed().as_nanos() as f64 / units as f64, "ns");
        }
    }
}

/// Recursion needs a box for each call.
fn fib(n: u32) -> Pin<Box<dyn Future<Output = u32>>> {
    Box::pin(async move {
        if n < 2 {
            n
        } else {
            fib(n - 1).await + fib(n - 2).await
        }
    })
}

fn call() {
    measure(1, "-", 242_785, || async { black_box(fib(black_box(25)).await) });
}

async fn yielding(times: usize) {
    for _ in 0..times {
        yield_now().await;
    }
}

async fn join_all(tasks: Vec<JoinHandle<()>>) {
    for task in tasks {
        task.await.unwrap();
    }
}

fn switch() {
    let rounds = 200_000;
    measure(3, "-", 2 * rounds, || async move {
        join_all((0..2).map(|_| spawn_local(yielding(rounds))).collect()).await
    });
}

fn spawn() {
    let count = 10_000;
    for switches in [0, 1] {
        measure(5, &format!("switches={switches}"), count, || async move {
            join_all((0..count).map(|_| spawn_local(yielding(switches))).collect()).await
        });
    }
}

fn node(number: u64, size: u64) -> Pin<Box<dyn Future<Output = u64>>> {
    Box::pin(async move {
        if size == 1 {
            return number;
        }
        let part = size / 10;
        let children: Vec<_> = (0..10).map(|i| spawn_local(node(number + i * part, part))).collect();
        let mut sum = 0;
        for child in children {
            sum += child.await.unwrap();
        }
        sum
    })
}

fn skynet() {
    measure(7, "-", 1_111_111, || async { assert_eq!(499_999_500_000, node(0, 1_000_000).await) });
}

fn ring() {
    let (count, hops) = (1_000, 1_000_000);
    measure(8, "-", hops + count, || async move {
        let (first, mut own) = mpsc::channel::<i64>(1);
        let mut tasks = Vec::new();
        for i in 0..count {
            let (following, next) = if i + 1 < count { mpsc::channel(1) } else { (first.clone(), mpsc::channel(1).1) };
            let mut mine = std::mem::replace(&mut own, next);
            tasks.push(spawn_local(async move {
                while let Some(left) = mine.recv().await {
                    let _ = following.send(left - 1).await;
                    if left <= 0 {
                        return;
                    }
                }
            }));
        }
        first.send(hops as i64).await.unwrap();
        drop(first);
        join_all(tasks).await
    });
}

async fn ping_pong(messages: usize) {
    let (there, mut asked) = mpsc::channel::<usize>(1);
    let (answer, mut back) = mpsc::channel::<usize>(1);
    let answering = spawn_local(async move {
        while let Some(message) = asked.recv().await {
            answer.send(message).await.unwrap();
        }
    });
    for i in 0..messages {
        there.send(i).await.unwrap();
        back.recv().await.unwrap();
    }
    drop(there);
    answering.await.unwrap();
}

async fn produce_and_consume(messages: usize, capacity: usize) {
    let (put, mut get) = mpsc::channel::<usize>(capacity);
    let producing = spawn_local(async move {
        for i in 0..messages {
            put.send(i).await.unwrap();
        }
    });
    for _ in 0..messages {
        get.recv().await.unwrap();
    }
    producing.await.unwrap();
}

fn queues() {
    let messages = 200_000;
    measure(9, "pingPong", 2 * messages, || ping_pong(messages));
    for capacity in [1, 16, 100] {
        measure(9, &format!("queue,capacity={capacity}"), messages, || produce_and_consume(messages, capacity));
    }
}

fn gather() {
    for children in [10, 1_000] {
        for switches in [0, 1] {
            let times = 200_000 / children;
            let variant = format!("children={children},switches={switches}");
            measure(10, &variant, children * times, || async move {
                for _ in 0..times {
                    join_all((0..children).map(|_| spawn_local(yielding(switches))).collect()).await
                }
            });
        }
    }
}

fn sleepers() {
    let count = if quick() { 100_000 } else { 1_000_000 };
    run(async move {
        let before = LIVE.load(Ordering::Relaxed);
        for _ in 0..count {
            spawn_local(tokio::time::sleep(Duration::from_secs(86_400)));
        }
        yield_now().await;
        tokio::time::sleep(Duration::from_millis(1_000)).await;
        report(11, "1M,bytes", (LIVE.load(Ordering::Relaxed) - before) as f64 / count as f64, "B");
        std::process::exit(0);
    });
}

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("1") => call(),
        Some("3") => switch(),
        Some("5") => spawn(),
        Some("7") => skynet(),
        Some("8") => ring(),
        Some("9") => queues(),
        Some("10") => gather(),
        Some("11") => sleepers(),
        other => panic!("no such row: {other:?}"),
    }
}
